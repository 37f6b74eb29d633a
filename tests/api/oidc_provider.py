"""A small OpenID Connect service of its own process, for tests: `python -m tests.api.oidc_provider PORT`.

Whoever comes is signed in at once as the person that `POST /next` named, with the fault that it named.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import sys
import time
from typing import Any
from urllib.parse import urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

CLIENT_ID, CLIENT_SECRET = "studio", "a secret between us"


class Provider:
    """Keeps its key, the codes it gave out, and what to do next."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        self.key = RSAKey.generate_key(2048, parameters={"kid": "one"})
        self.stranger_key = RSAKey.generate_key(2048, parameters={"kid": "one"})
        self.codes: dict[str, dict[str, str]] = {}
        self.next: dict[str, Any] = {}

    async def discovery(self, _request: Request) -> Response:
        return JSONResponse(
            {
                "issuer": "https://another.example" if self.next.get("fault") == "issuer name" else self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/jwks",
                "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
            }
        )

    async def jwks(self, _request: Request) -> Response:
        return JSONResponse({"keys": [self.key.as_dict(private=False)]})

    async def prepare(self, request: Request) -> Response:
        self.next = await request.json()
        return Response(status_code=204)

    async def authorize(self, request: Request) -> Response:
        asked = dict(request.query_params)
        sound = asked["client_id"] == CLIENT_ID and asked["code_challenge_method"] == "S256" and asked["nonce"]
        if not sound or asked["response_type"] != "code" or "openid" not in asked["scope"]:
            return Response("unsound", 400)
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}", 303)

    async def token(self, request: Request) -> Response:
        form = await request.form()
        asked = self.codes.pop(str(form.get("code")), None)
        basic = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        digest = hashlib.sha256(str(form.get("code_verifier")).encode()).digest()
        proof = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        known = request.headers.get("authorization") == f"Basic {basic}"
        if asked is None or not known or proof != asked["code_challenge"]:
            return JSONResponse({"error": "invalid_grant"}, 400)
        return JSONResponse({"access_token": "x", "token_type": "Bearer", "id_token": self._id_token(asked["nonce"])})

    def _id_token(self, nonce: str) -> str:
        fault, now = self.next.get("fault"), int(time.time())
        claims = {
            "iss": "https://another.example" if fault == "issuer" else self.issuer,
            "aud": "another" if fault == "audience" else CLIENT_ID,
            "sub": "1",
            "iat": now,
            "exp": now - 7200 if fault == "expired" else now + 300,
            "nonce": "another" if fault == "nonce" else nonce,
            **self.next.get("claims", {}),
        }
        if fault == "shared secret":
            return jwt.encode({"alg": "HS256", "kid": "one"}, claims, OctKey.import_key(CLIENT_SECRET))
        if fault == "unsigned":
            parts = [base64.urlsafe_b64encode(text).rstrip(b"=") for text in (b'{"alg":"none"}', str(claims).encode())]
            return b".".join([*parts, b""]).decode()
        key = self.stranger_key if fault == "key" else self.key
        return jwt.encode({"alg": "RS256", "kid": "one"}, claims, key)


def application(issuer: str) -> Starlette:
    provider = Provider(issuer)
    return Starlette(
        routes=[
            Route("/.well-known/openid-configuration", provider.discovery),
            Route("/jwks", provider.jwks),
            Route("/next", provider.prepare, methods=["POST"]),
            Route("/authorize", provider.authorize),
            Route("/token", provider.token, methods=["POST"]),
        ]
    )


if __name__ == "__main__":
    port = int(sys.argv[1])
    uvicorn.run(application(f"http://127.0.0.1:{port}"), port=port, log_level="error")
