"""All readers under test."""

from fuzzing import artefact_files, benchmark_files, given_files, video_files

READERS = [
    *artefact_files.READERS,
    *given_files.READERS,
    *benchmark_files.READERS,
    *video_files.READERS,
]
