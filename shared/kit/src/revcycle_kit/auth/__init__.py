"""
Who calls, and what is theirs: bearer tokens become grants.

Two issuers: any OpenID Connect provider by configuration, and a local one for
one machine. Both verify with the same rules.
"""

from revcycle_kit.auth.grant import Grant, Verifier
from revcycle_kit.auth.local import LocalIssuer
from revcycle_kit.auth.oidc import OidcVerifier
from revcycle_kit.auth.tokens import ClaimNames, TokenRules

__all__ = ["ClaimNames", "Grant", "LocalIssuer", "OidcVerifier", "TokenRules", "Verifier"]
