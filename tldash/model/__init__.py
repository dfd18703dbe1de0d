"""Values and rules shared by all other packages. Imports no other package of tldash."""
