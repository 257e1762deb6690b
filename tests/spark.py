"""A real Spark of two threads, set for tables of a few thousand rows, where planning costs more than work."""

from __future__ import annotations

import os
import shutil
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

SMALL = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.default.parallelism": "1",
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.constraintPropagation.enabled": "false",
    "spark.sql.lightweightPlanChangeValidation": "false",
    "spark.python.sql.dataFrameDebugging.enabled": "false",
    "spark.sql.execution.arrow.maxRecordsPerBatch": "1000000",
    "spark.sql.session.timeZone": "UTC",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    # What tests leave behind fills two gigabytes, and the collector walks through all of it again and again.
    "spark.driver.memory": "4g",
    "spark.driver.extraJavaOptions": "-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xms4g -Xmn1g",
    "spark.log.level": "OFF",
}


ASKED_FOR = ("functions", "org.apache.spark.sql.functions", "PythonUtils", "PythonSQLUtils")
"""What every expression asks Java for by name, which looks through hundreds of archives each time."""

COMPILING = {"spark.sql.codegen.wholeStage": "true", "spark.sql.codegen.factoryMode": "FALLBACK"}


@contextmanager
def compiling(session: Any, wanted: bool) -> Iterator[None]:
    """Whether what Spark does with rows is compiled first."""
    for name in COMPILING if wanted else ():
        session.conf.set(name, COMPILING[name])
    yield
    for name in COMPILING:
        session.conf.set(name, SMALL[name])


def session() -> Iterator[Any]:
    """The session, stopped afterwards; without Java the test skips, but never in CI."""
    if not shutil.which("java"):
        reason = "Java (Debian: default-jre-headless) is not installed, and Spark needs it"
        if os.environ.get("CI"):
            pytest.fail(f"{reason}; CI skips nothing for it", pytrace=False)
        pytest.skip(reason)
    pyspark = pytest.importorskip("pyspark.sql")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of pandas 3, which we never hand over to it
        builder = pyspark.SparkSession.builder.master("local[2]")
        for name, value in SMALL.items():
            builder = builder.config(name, value)
        made = builder.getOrCreate()
        for name in ASKED_FOR:
            setattr(made._jvm, name, getattr(made._jvm, name))
        try:
            yield made
        finally:
            made.stop()
