"""What a key may do at an endpoint: the scope that the endpoint names for the method."""

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from api.authentication import require


class HasScope(BasePermission):
    """Each endpoint has `scopes`: method → scope. A method that it does not name is not answered at all."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Raises KeyScopeMissing."""
        scope = view.scopes.get("GET" if request.method == "HEAD" else request.method)
        if scope is not None:
            key: Any = request.auth
            require(key, scope)
        return True
