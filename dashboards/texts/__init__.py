"""The texts of the pages, and in which language the reader has them."""
