"""What requests and answers of eligibility look like, shared by its routes."""

from datetime import date
from typing import Annotated, Literal, TypeVar
from uuid import UUID

import msgspec
from pydantic import BaseModel, ConfigDict, Field

from revcycle_kit.auth import Grant
from revcycle_kit.http import requires

Reader = Annotated[Grant, requires("front_desk", "biller", "operator", "auditor")]
Desk = Annotated[Grant, requires("front_desk", "biller", "operator")]
Administrator = Annotated[Grant, requires("operator", "administrator")]
Intake = Annotated[Grant, requires("intake", "operator")]

T = TypeVar("T")
Text = Annotated[str, Field(max_length=200)]
Code = Annotated[str, Field(pattern=r"^[A-Z0-9.]{1,20}$")]


class Shape(BaseModel):
    """A request: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class View(BaseModel):
    """An answer."""

    model_config = ConfigDict(from_attributes=True)


class AddressShape(Shape):
    """A postal address in the United States."""

    line1: Text = ""
    line2: Text = ""
    city: Text = ""
    state: Annotated[str, Field(pattern=r"^([A-Z]{2})?$")] = ""
    postal_code: Annotated[str, Field(pattern=r"^(\d{5}(\d{4})?)?$")] = ""


class PersonShape(Shape):
    """A human being; what is left empty stays as it is known."""

    family: Text = ""
    given: Text = ""
    middle: Text = ""
    birth_on: date | None = None
    sex: Literal["F", "M", "U"] = "U"
    address: AddressShape = AddressShape()
    phone: Annotated[str, Field(pattern=r"^(\d{10})?$")] = ""
    email: Text = ""


class DoneView(View):
    """What a command came to."""

    id: UUID
    state: str = ""


def told(kind: type[T], shape: BaseModel) -> T:
    """Return a request as the domain's value."""
    return msgspec.convert(shape.model_dump(), kind)
