"""Who may see which edition on the web: an nginx configuration in front of the folders that ``refresh`` keeps."""

from keten_kpi.access.config import EXAMPLE, Access, read_access
from keten_kpi.access.write import Edition, list_editions, write_nginx

__all__ = ["EXAMPLE", "Access", "Edition", "list_editions", "read_access", "write_nginx"]
