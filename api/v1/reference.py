"""What the partnership does, and who is in it."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

import accounts.queries
import kb.queries
import kb.questions
from api.v1 import examples
from api.v1.answers import OrganisationOut, OrganisationsOut, ServiceOut, ServicesOut
from api.v1.endpoint import Endpoint
from api.v1.schema import answers


class Services(Endpoint):
    """What the partnership does."""

    @extend_schema(
        operation_id="list_services",
        tags=["Reference"],
        summary="List the services",
        description="All of them, by name. Any token.",
        responses=answers(shape=ServicesOut, words="All of them.", scope=False),
        examples=examples.SERVICES,
    )
    def get(self, request: Request) -> Response:
        """All of them."""
        rows = kb.questions.made_ready(kb.queries.services())
        return Response({"results": ServiceOut(rows, many=True).data})


class Organisations(Endpoint):
    """Who is in the partnership."""

    @extend_schema(
        operation_id="list_organisations",
        tags=["Reference"],
        summary="List the organisations",
        description="All of them, by name. Any token.",
        responses=answers(shape=OrganisationsOut, words="All of them.", scope=False),
        examples=examples.ORGANISATIONS,
    )
    def get(self, request: Request) -> Response:
        """All of them."""
        rows = accounts.queries.organisations()
        return Response({"results": OrganisationOut(rows, many=True).data})
