"""Words out: articles, issues, reports, ways of working, the media library, channels, requests to take down."""
