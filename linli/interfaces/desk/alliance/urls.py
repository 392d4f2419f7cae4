"""Addresses of the alliance."""

from __future__ import annotations

from django.urls import path

from linli.interfaces.desk.alliance import agreements, bodies, claims, home, lists, members, review, spot

urlpatterns = [
    path("alliance/", home.home, name="alliance"),
    path("alliance/members/", members.listing, name="alliance_members"),
    path("alliance/members/new/", members.new, name="alliance_member_new"),
    path("alliance/members/<uuid:uuid>/", members.one, name="alliance_member"),
    path("alliance/members/<uuid:uuid>/edit/", members.edit, name="alliance_member_edit"),
    path("alliance/members/<uuid:uuid>/contact/", members.contact, name="alliance_member_contact"),
    path("alliance/members/<uuid:uuid>/certificate/", members.certificate, name="alliance_member_certificate"),
    path("alliance/bodies/", bodies.listing, name="alliance_bodies"),
    path("alliance/bodies/new/", bodies.new, name="alliance_body_new"),
    path("alliance/bodies/<uuid:uuid>/", bodies.one, name="alliance_body"),
    path("alliance/bodies/<uuid:uuid>/edit/", bodies.edit, name="alliance_body_edit"),
    path("alliance/chairs/<int:term_id>/", bodies.chair_certificate, name="alliance_chair"),
    path("alliance/brands/", bodies.brands, name="alliance_brands"),
    path("alliance/brands/new/", bodies.brand_new, name="alliance_brand_new"),
    path("alliance/brands/<uuid:uuid>/", bodies.brand, name="alliance_brand"),
    path("alliance/brands/<uuid:uuid>/edit/", bodies.brand_edit, name="alliance_brand_edit"),
    path("alliance/lists/", lists.listing, name="alliance_lists"),
    path("alliance/lists/categories/", lists.load_categories, name="alliance_categories"),
    path("alliance/lists/new/need/", lists.new, {"kind": "need"}, name="alliance_need_new"),
    path("alliance/lists/new/resource/", lists.new, {"kind": "resource"}, name="alliance_resource_new"),
    path("alliance/lists/new/project/", lists.new, {"kind": "project"}, name="alliance_project_new"),
    path("alliance/lists/new/visit/", lists.new, {"kind": "visit"}, name="alliance_visit_new"),
    path("alliance/lists/<uuid:uuid>/", lists.one, name="alliance_entry"),
    path("alliance/lists/<uuid:uuid>/edit/", lists.edit, name="alliance_entry_edit"),
    path("alliance/lists/<uuid:uuid>/commit/", lists.commit, name="alliance_commit"),
    path("alliance/lists/<uuid:uuid>/pitch/", lists.pitch, name="alliance_pitch"),
    path("alliance/uses/", review.uses, name="alliance_uses"),
    path("alliance/uses/<uuid:uuid>/", lists.use, name="alliance_use"),
    path("alliance/claims/", claims.listing, name="alliance_claims"),
    path("alliance/claims/spot/", spot.spot, name="alliance_spot"),
    path("alliance/claims/<uuid:uuid>/", claims.one, name="alliance_claim"),
    path("alliance/agreements/", agreements.listing, name="alliance_agreements"),
    path("alliance/agreements/new/", agreements.new, name="alliance_agreement_new"),
    path("alliance/agreements/<uuid:uuid>/", agreements.one, name="alliance_agreement"),
    path("alliance/files/<uuid:uuid>/<str:size>/", claims.file, name="alliance_file"),
    path("alliance/review/", review.page, name="alliance_review"),
    path("alliance/review/document/", review.document, name="alliance_review_document"),
]
