"""How the page looks: the theme, and the style of what Gradio has no parameter for."""

from __future__ import annotations

from importlib.resources import files

import gradio as gr

from bot import render

THEME = gr.themes.Base(
    primary_hue=gr.themes.colors.indigo,
    neutral_hue=gr.themes.colors.slate,
    font=("system-ui", "sans-serif"),
    font_mono=("ui-monospace", "monospace"),
).set(
    body_text_color_subdued="*neutral_600",  # the default is too faint to read: 2.6 to 1 on white
    body_text_color_subdued_dark="*neutral_300",
    block_label_text_color="*neutral_600",
    block_title_text_color="*neutral_600",
    input_placeholder_color="*neutral_500",
    input_placeholder_color_dark="*neutral_400",
)

CSS = render.CSS + files("page").joinpath("style.css").read_text("utf-8")

HEAD = "<style>@media (max-width: 640px) { .main.fillable { padding: .5rem .75rem !important; } }</style>"
"""Narrow margins on a phone; Gradio keeps `CSS` to what stands within them."""
