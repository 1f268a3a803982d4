"""Which rights a page or an API operation asks for, and those of the pages that come from allauth."""

from callout.accounts.gate import ANYBODY, SIGNED_IN, Access, View, anybody, needs, reads, signed_in

__all__ = ["ANYBODY", "EXTERNAL", "SIGNED_IN", "Access", "View", "anybody", "needs", "reads", "signed_in"]

# Pages of allauth, by route name; the gate knows nothing else of other packages.
EXTERNAL = {
    "account_login": ANYBODY,
    "account_logout": ANYBODY,
    "account_inactive": ANYBODY,
    "account_reauthenticate": SIGNED_IN,
    "account_change_password": SIGNED_IN,
    "mfa_authenticate": ANYBODY,
    "mfa_reauthenticate": SIGNED_IN,
    "mfa_index": SIGNED_IN,
    "mfa_activate_totp": SIGNED_IN,
    "mfa_deactivate_totp": SIGNED_IN,
    "mfa_view_recovery_codes": SIGNED_IN,
    "mfa_generate_recovery_codes": SIGNED_IN,
    "mfa_download_recovery_codes": SIGNED_IN,
    "mfa_list_webauthn": SIGNED_IN,
    "mfa_add_webauthn": SIGNED_IN,
    "mfa_reauthenticate_webauthn": SIGNED_IN,
    "mfa_remove_webauthn": SIGNED_IN,
    "mfa_edit_webauthn": SIGNED_IN,
    "mfa_login_webauthn": ANYBODY,
}
