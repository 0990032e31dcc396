"""A small OpenID provider on this machine: real HTTP, real signed tokens, and whoever the test says signs in."""

from __future__ import annotations

import base64
import hashlib
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, abort, jsonify, redirect, request
from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server

CLIENT, SECRET = "rowsense", "a secret of the provider's"


@dataclass
class OpenId:
    """The provider."""

    issuer: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    """Of who signs in next, beside those that every token has."""
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "1"}))
    signs_with: RSAKey | None = None
    """Another key than the one that it shows: somebody else's token."""
    asked: dict[str, dict[str, str]] = field(default_factory=dict)

    def app(self) -> Flask:
        """Its pages."""
        app = Flask(__name__)
        app.add_url_rule("/.well-known/openid-configuration", view_func=self._described)
        app.add_url_rule("/authorize", view_func=self._authorize)
        app.add_url_rule("/token", view_func=self._token, methods=["POST"])
        app.add_url_rule("/keys", view_func=lambda: jsonify(keys=[self.key.as_dict(private=False)]))
        return app

    def _described(self) -> Response:
        pages = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
        return jsonify(
            issuer=self.issuer,
            id_token_signing_alg_values_supported=["RS256"],
            **{name: f"{self.issuer}/{page}" for name, page in pages.items()},
        )

    def _authorize(self) -> Any:
        code = secrets.token_urlsafe()
        assert request.args["client_id"] == CLIENT and request.args["code_challenge_method"] == "S256"
        self.asked[code] = request.args.to_dict()
        return redirect(f"{request.args['redirect_uri']}?{urlencode({'code': code, 'state': request.args['state']})}")

    def _token(self) -> Response:
        asked = self.asked.pop(request.form["code"], None)
        challenge = hashlib.sha256(request.form["code_verifier"].encode()).digest()
        if asked is None or base64.urlsafe_b64encode(challenge).decode().rstrip("=") != asked["code_challenge"]:
            abort(400)
        if request.authorization is None or request.authorization.password != SECRET:
            abort(401)
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "sub": "1", "iat": now, "exp": now + 60, "nonce": asked["nonce"]}
        token = jwt.encode({"alg": "RS256", "kid": "1"}, {**claims, **self.claims}, self.signs_with or self.key)
        return jsonify(access_token="x", token_type="Bearer", expires_in=60, id_token=token)


@contextmanager
def openid() -> Iterator[OpenId]:
    """The provider, as long as the block lasts."""
    provider = OpenId()
    server = make_server("127.0.0.1", 0, provider.app(), threaded=True)
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    worker = threading.Thread(target=server.serve_forever)
    worker.start()
    try:
        yield provider
    finally:
        server.shutdown()
        worker.join()
        server.server_close()
