"""PySpark's XML source on local[2], without validation: ``python benchmarks/spark_xml.py FOLDER``, where PySpark is.

FOLDER holds files of many messages each, all with a root ``Bericht`` without prefix. The schema is inferred before the
clock starts; then every message is read to rows that are thrown away. Prints messages, seconds, seconds of processor of
the JVM, which does the work, and the seconds before the clock started.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from pyspark.sql import SparkSession


def _busy(pid: int) -> float:
    """Seconds of processor that a process has had."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    (folder,) = sys.argv[1:]
    begun = time.perf_counter()
    spark = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
    spark.sparkContext.setLogLevel("OFF")
    jvm = spark.sparkContext._gateway.proc.pid  # noqa: SLF001 - PySpark tells it in no other way
    source = spark.read.format("xml").option("rowTag", "Bericht").option("ignoreNamespace", "true")
    schema = source.option("samplingRatio", "0.1").load(folder).schema
    frame = source.schema(schema).load(folder)
    messages = frame.count()
    started, busy = time.perf_counter(), _busy(jvm)
    frame.write.format("noop").mode("overwrite").save()
    print(messages, time.perf_counter() - started, _busy(jvm) - busy, started - begun)
    spark.stop()


if __name__ == "__main__":
    main()
