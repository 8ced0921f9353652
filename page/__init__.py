"""The page: its tabs, its source panel, its endpoints and its look. Only these modules and `app` import gradio.

Every handler is a plain function of the bot (or its knowledge base) and plain values. What belongs to one visitor
travels in `gr.State`; nothing is kept on a shared object. What a forum wrote is escaped by `bot.render` and may only
become the *value* of a `gr.HTML`: a value is put into the page as it is, while Gradio compiles templates, and would run
what stands in one.
"""
