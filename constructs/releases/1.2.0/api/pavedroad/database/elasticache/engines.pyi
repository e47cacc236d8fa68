from dataclasses import dataclass
from pavedroad.arguments import Arguments
_VERSIONS = {'valkey': ('7.2', '8.0', '8.1', '8.2'), 'redis': ('7.0', '7.1')}

@dataclass(frozen=True, kw_only=True)
class CacheEngine:
    name: str
    version: str

    @property
    def major_version(self) -> str:
        ...

    @property
    def family(self) -> str:
        ...
VALKEY = CacheEngine(name='valkey', version='8.1')

def check_engine(arguments: Arguments, engine: CacheEngine) -> None:
    ...
