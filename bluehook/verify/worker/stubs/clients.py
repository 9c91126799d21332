"""Clients of databases, directories, caches, queues and clouds that are installed but have nobody to talk to here.

What makes their connections is replaced by an unknown object, exactly as if the library were missing: it answers
whatever it is asked, and statements, filters and commands given to it are told by :mod:`.calls`.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from ..inputs.standin import standin
from ..observe.patch import later

if TYPE_CHECKING:
    from ..inputs.slots import Inputs

_MAKERS: dict[str, tuple[str, ...]] = {
    "psycopg2": ("connect",), "psycopg2.pool": ("SimpleConnectionPool", "ThreadedConnectionPool"),
    "psycopg": ("connect", "Connection", "AsyncConnection"), "psycopg_pool": ("ConnectionPool", "AsyncConnectionPool"),
    "pymysql": ("connect", "Connect", "Connection"), "MySQLdb": ("connect", "Connect"),
    "mysql.connector": ("connect", "MySQLConnection"), "pymssql": ("connect",), "pyodbc": ("connect",),
    "oracledb": ("connect", "create_pool"), "cx_Oracle": ("connect", "SessionPool"),
    "asyncpg": ("connect", "create_pool"), "aiomysql": ("connect", "create_pool"), "aiopg": ("connect", "create_pool"),
    "clickhouse_driver": ("connect", "Client"), "snowflake.connector": ("connect",), "cassandra.cluster": ("Cluster",),
    "pymongo": ("MongoClient", "AsyncMongoClient"), "motor.motor_asyncio": ("AsyncIOMotorClient",),
    "neo4j": ("GraphDatabase", "AsyncGraphDatabase"), "elasticsearch": ("Elasticsearch", "AsyncElasticsearch"),
    "redis": ("Redis", "StrictRedis", "from_url"), "redis.asyncio": ("Redis", "StrictRedis", "from_url"),
    "memcache": ("Client",), "pymemcache": ("Client",), "pylibmc": ("Client",),
    "ldap": ("initialize", "open"), "ldap3": ("Connection", "Server"),
    "boto3": ("client", "resource", "Session"), "paramiko": ("SSHClient", "Transport"), "docker": ("from_env",),
    "pika": ("BlockingConnection",), "kafka": ("KafkaProducer", "KafkaConsumer", "KafkaClient"),
}  # fmt: skip


def install(inputs: Inputs) -> None:
    """Replace the makers of connections as their modules are imported; of those that are there, at once."""
    for module, names in _MAKERS.items():
        later(module, _replacing(inputs, module, names))


def _replacing(inputs: Inputs, module: str, names: tuple[str, ...]) -> Any:
    def replace() -> None:
        loaded = sys.modules[module]
        for name in names:
            if name in vars(loaded) and hasattr(loaded, "__file__"):
                setattr(loaded, name, standin(inputs, f"{module}.{name}", "assumed"))

    return replace
