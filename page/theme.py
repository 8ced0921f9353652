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
    color_accent="*primary_600",  # the default's 500 is too faint behind white and on white, by a little
    button_primary_background_fill="*primary_600",
    button_primary_background_fill_hover="*primary_700",
    input_placeholder_color="*neutral_500",
    input_placeholder_color_dark="*neutral_400",
)

CSS = render.CSS + files("page").joinpath("style.css").read_text("utf-8")

HEAD = """\
<script>
new MutationObserver(() => {
  for (const list of document.querySelectorAll('.examples[role="list"]')) list.setAttribute('role', 'group');
}).observe(document, { childList: true, subtree: true });
</script>
"""
"""Gradio calls the starters a list and puts buttons in it, which a screen reader cannot count as its items."""

HEAD += """\
<style>
@media (max-width: 640px) { .main.fillable { padding: .5rem .75rem !important; } }
html body .gradio-container :is(a, button, input, textarea, summary, [tabindex]):focus-visible {
  outline: 2px solid var(--color-accent) !important; outline-offset: 1px;
}
</style>
"""
"""Narrow margins on a phone, and a focus that is seen; Gradio keeps `CSS` to what stands within the margins."""
