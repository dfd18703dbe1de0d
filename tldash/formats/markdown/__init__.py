"""Read Markdown: front matter, headings and task items."""
