"""Charts made on the server: `{% bar_chart chart %}`, `{% line_chart chart %}`; on paper
`{% line_on_paper chart %}`."""

from collections.abc import Mapping
from typing import Any

from django import template

from hub import charting

register = template.Library()


@register.inclusion_tag("components/chart_bar.html")
def bar_chart(chart: Mapping[str, Any]) -> dict[str, Any]:
    """Horizontal bars with intervals, a target line and hatched pending parts."""
    return {"chart": chart, "plot": charting.bars(chart)}


@register.inclusion_tag("components/chart_line.html")
def line_chart(chart: Mapping[str, Any]) -> dict[str, Any]:
    """A line over time with its interval band, target line and pending stretch."""
    return {"chart": chart, "plot": charting.line(chart)}


@register.inclusion_tag("components/chart_line_paper.svg")
def line_on_paper(chart: Mapping[str, Any]) -> dict[str, Any]:
    """The same line as a picture by itself, with its own colours, for a document on paper."""
    return {"chart": chart, "plot": charting.line(chart)}
