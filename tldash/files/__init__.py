"""The only room that opens shared files: finding, reading, editing and watching them."""
