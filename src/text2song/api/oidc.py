"""Signing in by another service: OpenID Connect's code flow with PKCE, state and nonce, by Authlib.

Imported only where a service is configured; it needs the extra `oidc`.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import time
from dataclasses import asdict, dataclass

from authlib.integrations.base_client import OAuthError
from authlib.integrations.starlette_client import OAuth
from httpx2 import HTTPError
from joserfc.errors import JoseError

from text2song.domain.errors import InvalidError, RefusedError, UnavailableError
from text2song.services.accounts import Stranger

#: Seconds that a person may take to sign in there.
ATTEMPT_SECONDS = 600
#: What signs an identity: public-key algorithms alone, so that no shared secret can be taken for a key.
_ALGORITHMS = frozenset({"RS256", "PS256", "ES256", "EdDSA"})


class ServiceAnswerError(RefusedError):
    """The other service refused, or what came back is not from it."""

    slug = "sign-in-refused"


class AttemptError(InvalidError):
    """This browser did not begin what it wants to finish, or began it too long ago."""

    slug = "sign-in-attempt"


class ServiceUnavailableError(UnavailableError):
    """The other service does not answer as it should."""

    slug = "sign-in-unavailable"


@dataclass(frozen=True, slots=True)
class Attempt:
    """What a browser keeps while its person is away signing in."""

    state: str
    nonce: str
    verifier: str
    until: float

    def sealed(self, secret: str) -> str:
        """Return it as text that nobody else can make."""
        body = base64.urlsafe_b64encode(json.dumps(asdict(self)).encode()).decode()
        return f"{body}.{_seal(body, secret)}"


def unseal(text: str, secret: str) -> Attempt:
    """Return what `Attempt.sealed` made; raises `AttemptError`."""
    body, _, seal = text.partition(".")
    wrong = AttemptError("signing in took too long or began in another browser; try again")
    if not hmac.compare_digest(seal.encode(), _seal(body, secret).encode()):
        raise wrong
    try:
        attempt = Attempt(**json.loads(base64.urlsafe_b64decode(body)))
    except (binascii.Error, ValueError, TypeError) as error:
        raise wrong from error
    if attempt.until < time.time():
        raise wrong
    return attempt


class OidcClient:
    """One service by which people may sign in here."""

    def __init__(self, issuer: str, client_id: str, client_secret: str, redirect_uri: str) -> None:
        self._issuer = issuer.rstrip("/")
        self._redirect_uri = redirect_uri
        self._client = OAuth().register(
            "oidc",
            client_id=client_id,
            client_secret=client_secret,
            server_metadata_url=f"{self._issuer}/.well-known/openid-configuration",
            client_kwargs={"scope": "openid email profile", "code_challenge_method": "S256", "timeout": 10},
        )

    async def begin(self) -> tuple[str, Attempt]:
        """Return where to send the browser, and what it must bring back; raises `ServiceUnavailableError`."""
        try:
            await self._check_issuer()
            asked = await self._client.create_authorization_url(self._redirect_uri)
        except (HTTPError, ValueError, RuntimeError) as error:
            raise ServiceUnavailableError("the service to sign in by does not answer") from error
        until = time.time() + ATTEMPT_SECONDS
        return asked["url"], Attempt(asked["state"], asked["nonce"], asked["code_verifier"], until)

    def attempt(self, text: str, secret: str) -> Attempt:
        """Return what `Attempt.sealed` made; raises `AttemptError`."""
        return unseal(text, secret)

    async def finish(self, attempt: Attempt, state: str, code: str) -> Stranger:
        """Return who the service says has signed in.

        Raises `AttemptError`, `ServiceAnswerError` or `ServiceUnavailableError`.
        """
        if not hmac.compare_digest(state.encode(), attempt.state.encode()):
            raise AttemptError("signing in began in another browser; try again")
        try:
            await self._check_issuer()
            token = await self._client.fetch_access_token(
                redirect_uri=self._redirect_uri, code=code, code_verifier=attempt.verifier
            )
            claims = await self._client.parse_id_token(token, nonce=attempt.nonce)
        except HTTPError as error:
            raise ServiceUnavailableError("the service to sign in by does not answer") from error
        except (OAuthError, JoseError, ValueError, KeyError, RuntimeError) as error:
            raise ServiceAnswerError("the service to sign in by did not vouch for you") from error
        if not claims or not claims.get("sub"):
            raise ServiceAnswerError("the service to sign in by did not say who you are")
        return Stranger(
            subject=f"{self._issuer}|{claims['sub']}",
            email=str(claims.get("email") or ""),
            email_verified=claims.get("email_verified") is True,
            name=str(claims.get("name") or "")[:100],
        )

    async def _check_issuer(self) -> None:
        metadata = await self._client.load_server_metadata()
        if str(metadata.get("issuer", "")).rstrip("/") != self._issuer:
            raise ServiceUnavailableError("the service to sign in by calls itself by another name")
        offered = metadata.get("id_token_signing_alg_values_supported") or ["RS256"]
        metadata["id_token_signing_alg_values_supported"] = [name for name in offered if name in _ALGORITHMS]


def _seal(body: str, secret: str) -> str:
    return hmac.new(secret.encode(), b"oidc:" + body.encode(), hashlib.sha256).hexdigest()
