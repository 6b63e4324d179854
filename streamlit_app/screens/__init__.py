"""One module per page, each with `show(view)`. The folder is not named pages: Streamlit would serve its files bare.

Belongs here: what a page asks of the lake and in which order it tells it. Does not: how a card or a chart is drawn.
"""
