"""Values and rules that everything else shares. Imports nothing of tldash."""
