"""联络站名册 as a file."""

from stations.documents.roster import write_stations

__all__ = ["write_stations"]
