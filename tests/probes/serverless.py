from .notation import Probes

probes = Probes()
not_yet: set[str] = set()
