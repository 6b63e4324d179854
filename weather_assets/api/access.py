"""Who may change something: whoever brings the bearer token of WEATHER_API_TOKEN."""

import secrets
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from weather_assets.api.problems import Problem
from weather_assets.api.state import state_of

_bearer = HTTPBearer(auto_error=False, description="The token of WEATHER_API_TOKEN.")


def authorised(request: Request, given: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]) -> None:
    """Let the request pass. Raises Problem: 403 where no token is set, 401 for none or a wrong one."""
    token = state_of(request).settings.api_token
    if token is None or not token.get_secret_value():
        raise Problem(403, "read-only", "this service only reads: no WEATHER_API_TOKEN is set")
    offered = given.credentials if given is not None else ""
    if not secrets.compare_digest(offered.encode(), token.get_secret_value().encode()):
        detail = "send the header Authorization: Bearer <WEATHER_API_TOKEN>"
        raise Problem(401, "unauthorised", detail, {"WWW-Authenticate": "Bearer"})
