"""Filled templates → Meta's wire form, the same on WhatsApp and for Messenger's utility templates. Facts §5, §6."""

from typing import Any

from server.domain.errors import Invalid
from server.domain.outgoing import Template
from server.domain.template_parts import Component, Parameter

Wire = dict[str, Any]


def template(outgoing: Template) -> Wire:
    wire: Wire = {"name": outgoing.name, "language": {"code": outgoing.language}}
    if outgoing.components:
        wire["components"] = [_component(each) for each in outgoing.components]
    return wire


def uploaded(media_id: str | None) -> str:
    if media_id is None:
        raise Invalid("The file has not reached Meta yet.", field="attachment_id")
    return media_id


def _component(component: Component) -> Wire:
    wire: Wire = {"type": component.type}
    if component.type == "button":
        wire |= {"sub_type": component.sub_type, "index": str(component.index or 0)}
    return wire | {"parameters": [_parameter(component, each) for each in component.parameters]}


def _parameter(component: Component, parameter: Parameter) -> Wire:
    wire: Wire = {"type": parameter.type}
    if parameter.name:
        wire["parameter_name"] = parameter.name
    return wire | {parameter.type: _value(component, parameter)}


def _value(component: Component, parameter: Parameter) -> Any:
    match parameter.type:
        case "image" | "video" | "document":
            file = {"id": uploaded(parameter.media_id)}
            return file | ({"filename": parameter.file_name} if parameter.file_name else {})
        case "location":
            place = parameter.place
            if place is None:
                raise Invalid("Fill in this field.", field="values.header")
            return {"latitude": str(place.latitude), "longitude": str(place.longitude), "name": place.name,
                    "address": place.address}  # fmt: skip
        case "action" if component.sub_type == "flow":
            return {"flow_token": parameter.text} if parameter.text else {}
        case "action":
            return {"thumbnail_product_retailer_id": parameter.text} if parameter.text else {}
        case _:
            return parameter.text
