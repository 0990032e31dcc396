"""Pages, each split into what it says (view_model), how it looks (layout) and what it does (callbacks)."""
