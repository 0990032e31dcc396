"""The API for programs below ``/api/v1``: bearer tokens only, problems as RFC 9457 has them."""
