"""What AWS's Python runtime brings: boto3, whose requests go to the account.

Loaded by path by supervisor.py; nothing of the course can be imported here.
"""


class Bundled:
    """AWS's Python runtime brings boto3 and nothing else; what is not in the zip or a layer is not there."""

    NAMES = ("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "urllib3", "six")

    def __init__(self, settings: dict, ask):
        self.settings, self.ask = settings, ask

    def find_spec(self, name, path=None, target=None):
        from importlib.machinery import PathFinder

        if path is None and name in self.NAMES:
            spec = PathFinder.find_spec(name, self.settings["site"])
            if spec is not None and name == "botocore":
                self._open_the_door_after(spec)
            return spec
        return None

    def _open_the_door_after(self, spec) -> None:
        # botocore.httpsession is needed by every client, and by nothing before botocore is loaded.
        run = spec.loader.exec_module

        def exec_module(module):
            run(module)
            from importlib.util import module_from_spec, spec_from_file_location

            transport = spec_from_file_location("transport", self.settings["transport"])
            door = module_from_spec(transport)
            transport.loader.exec_module(door)
            door.open_door(self.ask)

        spec.loader.exec_module = exec_module
