"""The schemas in which stages meet: every table and store below results/."""

import pyarrow as pa

from stpose.artefacts.stores import Dataset, StoreSchema
from stpose.artefacts.tables import Column, TableSchema

_FRAME = Column("frame", pa.int64(), "", "Source frame number, 0-based.")
_TRACK = Column("track", pa.int32(), "", "Number of the track in its video, from 1.")
_VIDEO = Column("video_id", pa.string(), "", "Id of the video.")
_BOX_TEXT = "x1, y1, x2, y2; x2 and y2 are exclusive edges"

VIDEOS = TableSchema(
    "videos",
    1,
    (
        _VIDEO,
        Column("path", pa.string(), "", "Path below the videos folder."),
        Column("status", pa.string(), "", "ok, or why the video was left out."),
        Column("reason", pa.string(), "", "A sentence about the status; empty when ok."),
        Column("frames", pa.int64(), "", "Frames kept."),
        Column("fps", pa.float64(), "1/s", "Nominal frame rate; 0 when unknown."),
        Column("width", pa.int32(), "px", "Width of the upright source."),
        Column("height", pa.int32(), "px", "Height of the upright source."),
        Column("sha256", pa.string(), "", "Hash of the file's content; empty when unreadable."),
        Column("frames_with_person", pa.int64(), "", "Frames in which a track has a box."),
        Column("tracks", pa.int32(), "", "Tracks of people."),
        Column("warning", pa.string(), "", "What was odd about a video that is used."),
    ),
)

FRAMES = StoreSchema(
    "frames",
    1,
    (
        Dataset("frame", "int64", (), "", "Source frame number, 0-based."),
        Dataset("time", "float64", (), "s", "Time of the frame in the source."),
        Dataset("shot", "int32", (), "", "Number of the shot; grows by one at each cut."),
        Dataset("image", "encoded", (), "", "JPEG of the upright frame at the stored size."),
    ),
)

PEOPLE = TableSchema(
    "people",
    1,
    (
        _FRAME,
        _TRACK,
        Column("x1", pa.float32(), "px", "Left edge of the person, source pixels."),
        Column("y1", pa.float32(), "px", "Upper edge."),
        Column("x2", pa.float32(), "px", "Right edge, exclusive."),
        Column("y2", pa.float32(), "px", "Lower edge, exclusive."),
        Column("score", pa.float32(), "", "The detector's score; missing where filled.", True),
        Column("filled", pa.bool_(), "", "The box was filled in between detections."),
        Column("shot", pa.int32(), "", "Number of the shot."),
    ),
)

CROPS = StoreSchema(
    "crops",
    1,
    (
        Dataset("frame", "int64", (), "", "Source frame number, 0-based."),
        Dataset("track", "int32", (), "", "Number of the track in its video."),
        Dataset("box", "float32", (4,), "px", f"The person in crop pixels: {_BOX_TEXT}."),
        Dataset("region", "float32", (4,), "px", f"The crop in source pixels: {_BOX_TEXT}."),
        Dataset("valid", "float32", (4,), "px", "The part of the crop with real pixels."),
        Dataset("image", "encoded", (), "", "JPEG of the square crop."),
    ),
)

FLOW = TableSchema(
    "flow",
    1,
    (
        _FRAME,
        Column("track", pa.int32(), "", "Track in its video; -1 for a frame without a person."),
        Column("inside", pa.float32(), "px/frame", "Mean flow magnitude inside the box.", True),
        Column("outside", pa.float32(), "px/frame", "The same outside all boxes.", True),
        Column("ratio", pa.float32(), "1", "(inside + epsilon) / (outside + epsilon).", True),
        Column("note", pa.string(), "", "Why there is no ratio.", True),
    ),
)

MOTION = StoreSchema(
    "motion",
    1,
    (
        Dataset("frame", "int64", (), "", "Source frame number; frames with a person and a flow."),
        Dataset(
            "map",
            "encoded",
            (),
            "",
            "PNG of the flow's length less the camera's motion: "
            "length = largest x (value / 255)^2, largest in source px/frame.",
        ),
    ),
)

CURRICULUM = TableSchema(
    "curriculum",
    1,
    (
        _VIDEO,
        _TRACK,
        _FRAME,
        Column("ratio", pa.float32(), "1", "Foreground to background flow ratio."),
        Column("block", pa.int32(), "", "Curriculum block, 0 = easiest."),
    ),
)

METRICS = TableSchema(
    "metrics",
    2,
    (
        Column("step", pa.int64(), "", "Training iteration, from 1."),
        Column("block", pa.int32(), "", "Number of curriculum blocks in use."),
        Column("task", pa.string(), "", "What was asked: a task of one of the recipes."),
        Column("loss", pa.float32(), "nat", "Mean loss since the last row."),
        Column("trivial_loss", pa.float32(), "nat", "The best that no look at a picture reaches."),
        Column("accuracy", pa.float32(), "1", "Share of right answers, where there are any.", True),
        Column("chance", pa.float32(), "1", "Accuracy of always the commoner answer.", True),
        Column("rank1", pa.float32(), "1", "Share of positives first of their group.", True),
        Column("images_per_second", pa.float32(), "1/s", "Images through the network."),
        Column("seconds", pa.float64(), "s", "Wall time since training began."),
        Column("learning_rate", pa.float64(), "", "Rate of the layers above the convolutions."),
    ),
)

SCORES = TableSchema(
    "scores",
    1,
    (
        Column("row", pa.string(), "", "Row of the benchmark's table."),
        Column("sample", pa.int32(), "", "Number of the exemplar, query or person, from 0."),
        Column("group", pa.int32(), "", "Group of the sample, whose means are averaged."),
        Column("score", pa.float64(), "1", "Score of the sample; the row's value is the mean."),
    ),
)

TABLES = TableSchema(
    "tables",
    1,
    (
        Column("table", pa.string(), "", "Number of the paper's table; S1 is the supplement's."),
        Column("row", pa.string(), "", "Row, as printed; or what is ours alone."),
        Column("kind", pa.string(), "", "own, reference or other: whose row; or our row's kind."),
        Column("column", pa.string(), "", "Column, as printed."),
        Column("headline", pa.bool_(), "", "Whether it is the column that a row is judged by."),
        Column("metric", pa.string(), "", "What the figures are, and their unit."),
        Column("paper", pa.float64(), "", "The paper's figure; missing if it has none.", True),
        Column("value", pa.float64(), "", "Our figure, the mean over seeds.", True),
        Column("low", pa.float64(), "", "Lower bound of its 95% interval over samples.", True),
        Column("high", pa.float64(), "", "Upper bound.", True),
        Column("n", pa.int64(), "", "Exemplars, queries or people measured.", True),
        Column("seeds", pa.int32(), "", "Networks that differ in the seed alone.", True),
        Column("spread", pa.float64(), "", "Standard deviation over seeds.", True),
        Column("experiments", pa.string(), "", "Trainings behind our figure; empty for none."),
        Column("measured_on", pa.string(), "", "Our data; empty without a figure."),
        Column("comparable", pa.bool_(), "", "Whether that is the paper's data.", True),
        Column("trained_on", pa.string(), "", "What was trained on, and how long."),
        Column(
            "training_comparable",
            pa.bool_(),
            "",
            "Whether on as many videos; missing for none.",
            True,
        ),
    ),
)

DIFFERENCES = TableSchema(
    "differences",
    1,
    (
        Column("table", pa.string(), "", "Number of the paper's table."),
        Column("row", pa.string(), "", "Row."),
        Column("against", pa.string(), "", "Row that it is compared with."),
        Column("paper", pa.float64(), "", "The difference in the paper, if it has both.", True),
        Column("value", pa.float64(), "", "Our difference, paired sample by sample."),
        Column("low", pa.float64(), "", "Lower bound of its 95% interval."),
        Column("high", pa.float64(), "", "Upper bound."),
        Column("n", pa.int64(), "", "Samples."),
    ),
)

CLAIMS = TableSchema(
    "claims",
    1,
    (
        Column("table", pa.string(), "", "Number of the paper's table; S1 is the supplement's."),
        Column("row", pa.string(), "", "Row, as printed; or what is ours alone."),
        Column("kind", pa.string(), "", "own, reference or other: whose row; or our row's kind."),
        Column("metric", pa.string(), "", "What the figures are, and their unit."),
        Column("paper", pa.float64(), "", "The paper's figure; missing if it has none.", True),
        Column("value", pa.float64(), "", "Our figure, the mean over seeds.", True),
        Column("low", pa.float64(), "", "Lower bound of its 95% interval over samples.", True),
        Column("high", pa.float64(), "", "Upper bound.", True),
        Column("n", pa.int64(), "", "Exemplars, queries or people measured.", True),
        Column("seeds", pa.int32(), "", "Networks that differ in the seed alone.", True),
        Column("spread", pa.float64(), "", "Standard deviation over seeds.", True),
        Column("measured_on", pa.string(), "", "Our data; empty without a figure."),
        Column("trained_on", pa.string(), "", "What was trained on, and how long."),
        Column("verdict", pa.string(), "", "reproduced, not reproduced, not run; empty: no claim."),
        Column("why", pa.string(), "", "Why that is the verdict."),
        Column("command", pa.string(), "", "What gives our figure on the paper's data."),
    ),
)

EMBEDDINGS = StoreSchema(
    "embeddings",
    1,
    (
        Dataset("video", "int32", (), "", "Index into the attribute `videos`."),
        Dataset("track", "int32", (), "", "Number of the track in its video."),
        Dataset("frame", "int64", (), "", "Source frame number, 0-based."),
        Dataset("vector", "float16", (0,), "", "pool5 of the crop."),
    ),
)

REPETITION_TRACKS = TableSchema(
    "repetition_tracks",
    1,
    (
        _VIDEO,
        _TRACK,
        Column("first_frame", pa.int64(), "", "First frame of the track."),
        Column("last_frame", pa.int64(), "", "Last frame of the track."),
        Column("frames", pa.int64(), "", "Crops in the track."),
        Column("repeats", pa.bool_(), "", "Whether the track holds repetitions."),
        Column("count", pa.int32(), "", "Cycles in the track; missing if none.", True),
        Column("period", pa.float32(), "frames", "Median length of a cycle.", True),
        Column("strength", pa.float32(), "", "How clear the repetition is, 0 to 1."),
    ),
)

REPETITION_GROUPS = TableSchema(
    "repetition_groups",
    1,
    (
        _VIDEO,
        _TRACK,
        Column("group", pa.int32(), "", "Number of the group in its track."),
        Column("query", pa.int64(), "", "Frame whose repetitions these are."),
        _FRAME,
        Column("similarity", pa.float32(), "", "Similarity of the frame to the query, 0 to 1."),
    ),
)

REPETITION_PAIRS = TableSchema(
    "repetition_pairs",
    1,
    (
        _VIDEO,
        _TRACK,
        Column("anchor", pa.int64(), "", "Frame of the anchor."),
        Column("candidate", pa.int64(), "", "Frame of the candidate."),
        Column("similar", pa.bool_(), "", "Whether they show the same pose."),
        Column("similarity", pa.float32(), "", "Similarity by the mining embedding, 0 to 1."),
    ),
)

PICTURES = StoreSchema(
    "pictures",
    1,
    (
        Dataset("shows", "int32", (), "", "0: frames, 1: flow in colours, 2: crops."),
        Dataset("cells", "int32", (), "", "Pictures on the sheet, row by row."),
        Dataset("image", "encoded", (), "", "JPEG of a sheet of small pictures."),
    ),
)

SEARCH = StoreSchema(
    "search",
    1,
    (
        Dataset("code", "int8", (0,), "", "Columns along the principal axes, in steps of `scale`."),
        Dataset("energy", "float32", (), "", "Squared length of the whole vector less the mean."),
    ),
)

NEIGHBOURS = TableSchema(
    "neighbours",
    1,
    (
        Column("weights", pa.string(), "", "trained or random."),
        Column("query", pa.int32(), "", "Number of the query, from 0."),
        Column("rank", pa.int32(), "", "0 is the query itself, 1 its nearest."),
        _VIDEO,
        _TRACK,
        _FRAME,
        Column("distance", pa.float32(), "", "Euclidean, between vectors of length 1; 0 to 2."),
    ),
)

EMBEDDED = StoreSchema(
    "embedded",
    1,
    (
        Dataset("input", "int32", (), "", "Index into the attribute `inputs`."),
        Dataset("frame", "int64", (), "", "Frame of a video, 0-based; 0 for a picture."),
        Dataset("box", "float32", (4,), "px", f"The person: {_BOX_TEXT}."),
        Dataset("vector", "float32", (0,), "", "pool5 scaled to length 1."),
    ),
)

EMBEDDED_TABLE = TableSchema(
    "embedded_table",
    1,
    (
        Column("input", pa.string(), "", "The picture or video."),
        Column("frame", pa.int64(), "", "Frame of a video, 0-based; 0 for a picture."),
        Column("x1", pa.float32(), "px", "Left edge of the person."),
        Column("y1", pa.float32(), "px", "Upper edge."),
        Column("x2", pa.float32(), "px", "Right edge, exclusive."),
        Column("y2", pa.float32(), "px", "Lower edge, exclusive."),
        Column("vector", pa.list_(pa.float32()), "", "pool5 scaled to length 1."),
    ),
)
