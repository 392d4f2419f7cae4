"""The public writes of accounts: logging in, accounts, second factors, sessions."""

from linli.foundation.accounts.services.answers import begin_answer, drop_answer, keep_answer
from linli.foundation.accounts.services.apppasswords import (
    authenticate_app,
    create_app_password,
    revoke_app_password,
)
from linli.foundation.accounts.services.codes import (
    authenticate_by_code,
    codes_arrive,
    deliver_code_by,
    register_resident,
    send_code,
    send_registration_code,
)
from linli.foundation.accounts.services.login import (
    authenticate,
    confirm_password,
    finish_login,
    first_passwords_live,
    note_logout,
    second_step,
)
from linli.foundation.accounts.services.screens import create_screen, revoke_screen, touch_screen
from linli.foundation.accounts.services.secondfactor import (
    begin_enrolment,
    enrol,
    remove_second_factor,
    renew_recovery_codes,
)
from linli.foundation.accounts.services.sessions import end_session, end_sessions, touch_session
from linli.foundation.accounts.services.tokens import authenticate_token, create_program, create_token, revoke_token
from linli.foundation.accounts.services.users import (
    change_password,
    check_username,
    create_user,
    issue_first_passwords,
    issue_password,
    let_in_again,
    phone_hash,
    set_active,
    set_phone,
    set_preferences,
)

__all__ = [
    "authenticate",
    "authenticate_app",
    "authenticate_by_code",
    "authenticate_token",
    "begin_answer",
    "begin_enrolment",
    "change_password",
    "check_username",
    "codes_arrive",
    "confirm_password",
    "create_app_password",
    "create_program",
    "create_screen",
    "create_token",
    "create_user",
    "deliver_code_by",
    "drop_answer",
    "end_session",
    "end_sessions",
    "enrol",
    "finish_login",
    "first_passwords_live",
    "issue_first_passwords",
    "issue_password",
    "keep_answer",
    "let_in_again",
    "note_logout",
    "phone_hash",
    "register_resident",
    "remove_second_factor",
    "renew_recovery_codes",
    "revoke_app_password",
    "revoke_screen",
    "revoke_token",
    "second_step",
    "send_code",
    "send_registration_code",
    "set_active",
    "set_phone",
    "set_preferences",
    "touch_screen",
    "touch_session",
]
