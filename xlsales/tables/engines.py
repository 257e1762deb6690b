"""The engines that compute what does not fit into memory: how each reads files and takes in a small table.

What a scan gives are the columns of the files as they are, ``SOURCE`` (the file's name) and ``ROW`` (the
number of the row as if the names were row 1). Of CSV files no engine can tell the number: there ``ROW`` is
below zero and made of what the row says, so that it finds the row again, with those that are equal to it.
"""

from __future__ import annotations

import re
import shutil
import tempfile
import warnings
import weakref
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol

from xlsales.errors import InputError
from xlsales.tables.csvtext import head, is_even
from xlsales.tables.held import held
from xlsales.tables.kinds import PARQUET, as_utf8, delimiter, evened, without_column, zones
from xlsales.tables.spec import ROW, SOURCE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import narwhals as nw
    import pyarrow as pa

SPARED = 12
"""Bits of a hash of 64 that are let go, so that a float holds the others."""
MEMORY = "2GB"
"""What DuckDB may hold before it goes on in a file of its own."""


FEW = 100_000
"""So many rows are kept by DuckDB in less time than it takes to plan the way to them again and again."""

QUIET = {"spark.ui.showConsoleProgress": "false", "spark.log.level": "OFF"}
"""What goes wrong is told in two lines, and progress by ours."""

NO_NAMES: Mapping[Path, str] = MappingProxyType({})
FILE, NUMBER = "xlsales file", "file_row_number"
"""The columns in which DuckDB tells where a row is from; the second has this name with it."""

_numbers = count(1)


class Lazy(Protocol):
    """An engine: lazy frames of files and of small tables, and the errors that its own work may raise."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def errors(self) -> tuple[type[Exception], ...]:
        """What it raises for files and rows that it cannot read."""

    @property
    def gone(self) -> bool:
        """Whether it has been stopped, after which anything may go wrong that it does not raise itself."""

    def folder(self) -> Path:
        """Where files may lie as long as the engine works."""

    def scan(self, files: Sequence[Path], called: Mapping[Path, str] = NO_NAMES) -> Any:
        """The rows of Parquet or text files of one kind (``kinds``), not read before they are asked for.

        Files are ``called`` by their own names, with as many folders in front as it says.
        """

    def table(self, rows: pa.Table) -> Any:
        """A small table as one of the engine's."""

    def held(self, frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
        """What a frame of the engine's comes to, kept there, so that it is not worked out again."""

    def often(self, frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
        """A frame of all rows that is asked often: held, unless it is less work to go all the way again."""


class Place:
    """A folder for as long as anybody holds this."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="xlsales-"))
        weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)


@dataclass(frozen=True)
class DuckDB:
    """A database of its own in a temporary folder, gone with the last frame that reads it."""

    connection: Any
    place: Place
    name: str = "DuckDB"

    @property
    def errors(self) -> tuple[type[Exception], ...]:
        """All that DuckDB raises."""
        import duckdb

        return (duckdb.Error,)

    @property
    def gone(self) -> bool:
        """Never: it runs in this process, and says itself what is wrong."""
        return False

    def folder(self) -> Path:
        """Beside the database."""
        return self.place.folder

    def scan(self, files: Sequence[Path], called: Mapping[Path, str] = NO_NAMES) -> Any:
        """Parquet with its types, CSV as text."""
        if files[0].suffix.lower() == PARQUET:
            places = [without_column(one, NUMBER, self.folder(), called.get(one, "")) for one in files]
            # Folders called "region=North" are names and no column, as in memory.
            more = f"union_by_name=true, filename='{FILE}', hive_partitioning=false, binary_as_string=true"
            read = f"read_parquet([{', '.join(map(_place, places))}], {more})"
            given = [name for name in self.connection.sql(f"from {read}").columns if name != FILE]
            number, moments = f"{NUMBER} + 2", zones(files)
        else:
            read, given = self._csv(files, called)
            number, moments = f"-1 - (hash({', '.join(map(_named, given))}) >> {SPARED})::bigint", {}
        columns = [_local(name, moments.get(name)) for name in given]
        source = f"{_source(files, called)} as {SOURCE}"
        return self.connection.sql(f"select {', '.join([*columns, source])}, {number} as {ROW} from {read}")

    def _csv(self, files: Sequence[Path], called: Mapping[Path, str]) -> tuple[str, list[str]]:
        """How text files of one kind are read, and their columns."""
        names = head(files[0]).names
        columns = ", ".join(f"{_quoted(name)}: 'VARCHAR'" for name in names)
        how = ", ".join((
            f"delim={_quoted(delimiter(files[0]))}", "quote='\"'", "escape='\"'", f"columns={{{columns}}}",
            "header=true", "auto_detect=false", f"filename='{FILE}'",
        ))  # fmt: skip
        texts = [self._text(one, called.get(one, ""), how) for one in files]
        return f"read_csv([{', '.join(map(_place, texts))}], {how})", list(names)

    def _text(self, file: Path, name: str, how: str) -> Path:
        """The text file as DuckDB can read it to its end."""
        import duckdb

        text = as_utf8(file, self.folder(), name)
        try:
            self.connection.sql(f"select count(*) from read_csv({_place(text)}, {how})").fetchall()
        except duckdb.InvalidInputException:
            return evened(file, self.folder(), name)
        return text

    def table(self, rows: pa.Table) -> Any:
        """Written into the database, so that it needs no Python afterwards.

        Through a connection beside: where one has made a table, it looks at every step of its lazy frames
        anew before the next, and there are hundreds.
        """
        name = f"given_{next(_numbers)}"
        with self.connection.cursor() as beside:
            beside.from_arrow(rows).create(name)
        return self.connection.table(name)

    def held(self, frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
        """A table of the database, made beside as well; nothing of the way to it is gone through again."""
        import narwhals as nw

        name = f"held_{next(_numbers)}"
        with self.connection.cursor() as beside:
            beside.execute(f"create table {name} as {frame.to_native().sql_query()}")
        kept: nw.LazyFrame[Any] = nw.from_native(self.connection.table(name)).lazy()
        return kept

    def often(self, frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
        """Held where its rows are few; of many only the columns are read that are asked for."""
        import narwhals as nw

        rows = frame.head(FEW + 1).select(nw.len()).collect().item()
        return self.held(frame) if rows <= FEW else frame


@dataclass(frozen=True)
class Spark:
    """The session that is there, or one of this machine; a cluster is told by Spark's own configuration."""

    session: Any
    place: Place = field(default_factory=Place)
    name: str = "Spark"

    @property
    def errors(self) -> tuple[type[Exception], ...]:
        """All that Spark and its Java raise."""
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException

        return (PySparkException, Py4JError)

    @property
    def gone(self) -> bool:
        """Whether the session was stopped or its Java cannot be reached."""
        from py4j.protocol import Py4JError

        java = self.session.sparkContext._jsc
        try:
            return java is None or bool(java.sc().isStopped())
        except (Py4JError, OSError):
            return True

    def folder(self) -> Path:
        """On this machine; a cluster does not see it."""
        return self.place.folder

    def scan(self, files: Sequence[Path], called: Mapping[Path, str] = NO_NAMES) -> Any:
        """As that of DuckDB."""
        from pyspark.sql import functions as of

        source = _named_by_spark(files, called).alias(SOURCE)
        if files[0].suffix.lower() != PARQUET:
            return self._csv(files, called, source)
        rows = self.session.read.option("mergeSchema", "true").parquet(*map(_hadoop, files))
        moments = zones(files)
        given = [
            (
                of.convert_timezone(None, of.lit(zone), of.col(_ticked(name)).cast("timestamp_ntz"))
                if (zone := moments.get(name))
                else of.col(_ticked(name))
            ).alias(_apart(name))
            for name in rows.columns
        ]
        number = (of.col("_metadata.row_index") + 2).cast("long")
        return rows.select(*given, source, number.alias(ROW))

    def _csv(self, files: Sequence[Path], called: Mapping[Path, str], source: Any) -> Any:
        """Text files of one kind, each read in one piece, so that quotes may hold line breaks."""
        from functools import reduce

        from pyspark.sql import functions as of
        from pyspark.sql.types import StringType, StructType

        texts = [self._text(one, called.get(one, "")) for one in files]
        names = head(files[0]).names
        kind = reduce(lambda kind, name: kind.add(name, StringType()), names, StructType())
        read = self.session.read.options(header=True, multiLine=True, escape='"', mode="FAILFAST")
        rows = read.csv(list(map(_hadoop, texts)), kind, delimiter(files[0]))
        said = of.xxhash64(*(of.coalesce(of.col(_ticked(one)), of.lit("\0")) for one in rows.columns))
        number = (-1 - of.shiftrightunsigned(said, SPARED)).alias(ROW)
        return rows.select("*", source, number)

    def _text(self, file: Path, name: str) -> Path:
        """The text file as Spark can read it, which takes any quotation mark that is not closed."""
        text = as_utf8(file, self.folder(), name)
        return text if is_even(text) else evened(file, self.folder(), name)

    def table(self, rows: pa.Table) -> Any:
        """Kept where the work is done."""
        return self.session.createDataFrame(rows).cache()

    def held(self, frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
        """A local checkpoint."""
        return held(frame)

    def often(self, frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
        """Held: every step that is not grows the plan of all that come after it."""
        return held(frame)


def opened(engine: str) -> Lazy:
    """The engine that is called so. ``InputError`` where what it needs is not installed."""
    return _duckdb() if engine == "duckdb" else _spark()


def _duckdb() -> DuckDB:
    try:
        import duckdb
    except ModuleNotFoundError:
        raise InputError("extra_missing", extra="duckdb", what="DuckDB") from None
    place = Place()
    connection = duckdb.connect(place.folder / "tables.duckdb")
    connection.execute(f"set memory_limit = '{MEMORY}'")
    connection.execute(f"set temp_directory = {_quoted(str(place.folder / 'more'))}")
    connection.execute("set preserve_insertion_order = false")
    connection.execute("set TimeZone = 'UTC'")
    return DuckDB(connection, place)


def _spark() -> Spark:
    try:
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ModuleNotFoundError:
        raise InputError("extra_missing", extra="spark", what="PySpark") from None
    warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
    try:
        builder = SparkSession.builder.appName("xlsales")
        for name, value in QUIET.items():
            builder = builder.config(name, value)
        return Spark(builder.getOrCreate())
    except (PySparkException, RuntimeError, OSError):
        raise InputError("spark_not_started") from None


def _folders(files: Sequence[Path], called: Mapping[Path, str]) -> int:
    """How many folders there are in the names."""
    return max(called.get(one, "").count("/") for one in files)


def _source(files: Sequence[Path], called: Mapping[Path, str]) -> str:
    """The name of the file that a row of DuckDB's is from."""
    if len(files) == 1:
        return _quoted(called.get(files[0], files[0].name))
    if not (folders := _folders(files, called)):
        return f"parse_filename({_named(FILE)}, false, 'both_slash')"
    last = rf"([^/\\]+[/\\]){{0,{folders}}}[^/\\]+$"
    return rf"replace(regexp_extract({_named(FILE)}, '{last}'), '\', '/')"


def _named_by_spark(files: Sequence[Path], called: Mapping[Path, str]) -> Any:
    """The name of the file that a row of Spark's is from."""
    from pyspark.sql import functions as of

    if len(files) == 1:
        return of.lit(called.get(files[0], files[0].name))
    if not (folders := _folders(files, called)):
        return of.col("_metadata.file_name")
    path = of.url_decode(of.replace(of.col("_metadata.file_path"), of.lit("+"), of.lit("%2B")))
    return of.regexp_extract(path, rf"([^/]+/){{0,{folders}}}[^/]+$", 0)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _named(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'


def _place(file: Path) -> str:
    """The path for DuckDB, which takes it for a pattern."""
    return _quoted(re.sub(r"([*?\[])", r"[\1]", str(file)))


def _hadoop(file: Path) -> str:
    """The path for Spark, which takes it for a pattern."""
    return re.sub(r"([{}\[\]*?\\])", r"\\\1", file.as_posix())


def _ticked(column: str) -> str:
    return "`" + column.replace("`", "``") + "`"


def _apart(name: str) -> str:
    """The name of a column of a file, where it is not one of ours."""
    return f"{name}_" if name.casefold() in (SOURCE, ROW) else name


def _local(name: str, zone: str | None) -> str:
    """The column as it is, moments in a zone as the clock there shows them."""
    column, called = _named(name), _named(_apart(name))
    if not zone:
        return f"{column} as {called}"
    if offset := re.fullmatch(r"([+-])(\d\d):?(\d\d)", zone):
        minutes = int(offset[2]) * 60 + int(offset[3])
        return f"timezone('UTC', {column}) {offset[1]} interval '{minutes} minutes' as {called}"
    return f"timezone({_quoted(zone)}, {column}) as {called}"
