"""Signing in by an OpenID provider, through Flask-Security and Authlib. For members only; it makes nobody one.

Who comes from the provider is found by her mail address, which the provider has to call verified.
"""

from __future__ import annotations

import importlib.util
import re
from typing import Any, Final

from flask import Blueprint, Flask, flash, redirect, request, session, url_for
from flask_security import FsOAuthProvider
from flask_security.proxies import _security
from werkzeug.wrappers import Response

from dashboards.texts.reader import texts
from rowsense.errors import UsageError
from rowsense.server_settings import ProviderSettings

_NAME: Final = "provider"
_OWN_PATH: Final = re.compile(r"/(?![/\\])")
#: How long to wait for the provider [D].
_TIMEOUT_S: Final = 10
_FAILED: Final = "accounts.provider.failed"
_AWAY: Final = "accounts.provider.away"
_UNVERIFIED: Final = "accounts.provider.unverified"


class Provider(FsOAuthProvider):
    """The one provider of this server."""

    def __init__(self, settings: ProviderSettings) -> None:
        super().__init__(_NAME)
        self._settings = settings
        self._secret = _secret_of(settings)

    def authlib_config(self) -> dict[str, Any]:
        """How Authlib reaches it: all addresses from the issuer's own document."""
        issuer = self._settings.issuer.rstrip("/")
        return {
            "client_id": self._settings.client_id,
            "client_secret": self._secret,
            "server_metadata_url": f"{issuer}/.well-known/openid-configuration",
            "client_kwargs": {
                "scope": "openid email",
                "code_challenge_method": "S256",
                "default_timeout": _TIMEOUT_S,
            },
        }

    def fetch_identity_cb(self, oauth: Any, token: Any) -> tuple[str, Any]:
        """The address that the provider vouches for.

        Raises
        ------
        OAuthError
            It vouches for none, or somebody else has signed.
        """
        from authlib.integrations.base_client.errors import OAuthError

        claims = token.get("userinfo") or {}
        if claims.get("iss") != self._settings.issuer:
            raise OAuthError(error="issuer", description="signed by another issuer")
        # Some write it as text. Absent is not verified.
        if claims.get("email_verified") not in (True, "true") or not claims.get("email"):
            raise OAuthError(error="email", description="the provider has not verified a mail address of yours")
        return "email", str(claims["email"])

    def oauth_response_failure(self, error_view: str, e: Any) -> Response:
        """Back to the page to sign in, with words."""
        flash(texts()(_UNVERIFIED if e.error == "email" else _FAILED))
        return redirect(url_for("security.login"))


def use_provider(server: Flask, settings: ProviderSettings) -> None:
    """Offer to sign in by it. After :class:`flask_security.Security`, which was told so by :func:`oauth_settings`.

    Raises
    ------
    UsageError
        Its secret cannot be read.
    """
    import requests
    from authlib.integrations.base_client.errors import OAuthError
    from joserfc.errors import JoseError

    server.extensions["security"].oauthglue.register_provider_ext(Provider(settings))
    server.register_blueprint(_blueprint())
    for kind, words in (
        (requests.RequestException, _AWAY), (JoseError, _FAILED), (OAuthError, _FAILED),
    ):  # fmt: skip
        server.register_error_handler(kind, _back(words))


def oauth_settings(settings: ProviderSettings) -> dict[str, Any]:
    """What Flask-Security has to know before it starts.

    Raises
    ------
    UsageError
        There is a provider, and a package is missing.
    """
    if not settings.is_on:
        return {}
    if importlib.util.find_spec("authlib") is None:
        raise UsageError("signing in by a provider needs one more package; pip install 'rowsense[oidc]'")
    return {
        "SECURITY_OAUTH_ENABLE": True,
        "SECURITY_OAUTH_BUILTIN_PROVIDERS": [],
        "SECURITY_OAUTH_RESPONSE_URL": "/sign-in/by",
        # Nobody is asked to show again who she is by the provider.
        "SECURITY_MSG_IDENTITY_NOT_REGISTERED": (
            "accounts.provider.nobody", "error",
        ),
    }  # fmt: skip


def _blueprint() -> Blueprint:
    provider = Blueprint("provider", __name__)

    @provider.get("/sign-in/with-provider")
    def begin() -> Any:
        """To the provider. A link, because the policy of our pages lets no form lead elsewhere."""
        session.pop("fs_oauth_next", None)
        if _OWN_PATH.match(request.args.get("next", "")):
            session["fs_oauth_next"] = request.args["next"]
        glue = _security.oauthglue
        assert glue is not None
        return glue.get_redirect(_NAME, "oauthresponse")

    return provider


def _back(words: str) -> Any:
    def answer(error: Exception) -> Response:
        flash(texts()(words))
        return redirect(url_for("security.login"))

    return answer


def _secret_of(settings: ProviderSettings) -> str:
    assert settings.secret_file is not None
    try:
        return settings.secret_file.expanduser().read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{settings.secret_file}: the provider's secret cannot be read ({error})") from error
