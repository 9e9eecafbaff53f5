"""The datasets that can be downloaded, at their official addresses.

A checksum stands here only where a published source states it: for MPII the list of checksums of
TensorFlow Datasets (`url_checksums/mpii_human_pose.txt`), for J-HMDB a public download script
that lists the MD5 of every file. For all others the first download is trusted and remembered.
"""

from stpose.datasets.dataset import Dataset, File
from stpose.errors import InputError

_LSP = "http://sam.johnson.io/research"
_MPII = "https://datasets.d2.mpi-inf.mpg.de/andriluka14cvpr"
_JHMDB = "https://files.is.tue.mpg.de/jhmdb"
_MIDDLEBURY = "https://vision.middlebury.edu/flow/data/comp/zip"
_QUVA = "http://isis-data.science.uva.nl/tomrunia"
# One commit, so that the content is fixed though no checksums are published.
_CLIQUECNN = (
    "https://raw.githubusercontent.com/asanakoy/cliquecnn/"
    "86ed8b8860db4b2d8da42a4159153b5f9c0b8995/olympic_sports_retrieval/data"
)

OLYMPIC_CATEGORIES = (
    *("basketball_layup", "bowling", "clean_and_jerk", "discus_throw"),
    *("diving_platform_10m", "diving_springboard_3m", "hammer_throw", "high_jump"),
    *("javelin_throw", "long_jump", "pole_vault", "shot_put"),
    *("snatch", "tennis_serve", "triple_jump", "vault"),
)
# The training pairs with ground truth; the archive of images holds four more without.
MIDDLEBURY_PAIRS = (
    *("Dimetrodon", "Grove2", "Grove3", "Hydrangea"),
    *("RubberWhale", "Urban2", "Urban3", "Venus"),
)

LSP = Dataset(
    name="lsp",
    title="Leeds Sports Pose",
    files=(File(f"{_LSP}/lsp_dataset.zip", "lsp_dataset.zip", holds=("joints.mat", "images/im*")),),
    licence="none is stated; the images come from Flickr and belong to their photographers.",
    by_hand="The author's site has been reported dead since 2021. The archive is wanted from "
    "someone who has it; images and joints.mat also stand, unofficially, at "
    "https://huggingface.co/datasets/LiuRunky/Leeds_Sports_Pose.",
    citation="Johnson and Everingham: Clustered Pose and Nonlinear Appearance Models for Human "
    "Pose Estimation. BMVC 2010.",
    counts={"images": 2000},
)

LSP_EXTENDED = Dataset(
    name="lsp_extended",
    title="Leeds Sports Pose Extended",
    files=(
        File(f"{_LSP}/lspet_dataset.zip", "lspet_dataset.zip", holds=("joints.mat", "images/im*")),
    ),
    licence="none is stated; the images come from Flickr and belong to their photographers.",
    by_hand="The author's site has been reported dead since 2021. The archive is wanted from "
    "someone who has it. HR-LSPET, https://datasets.d2.mpi-inf.mpg.de/hr-lspet/hr-lspet.zip, is "
    "another edition: 9,428 of the images, larger; figures on it compare with no others.",
    citation="Johnson and Everingham: Learning Effective Human Pose Estimation from Inaccurate "
    "Annotation. CVPR 2011.",
    counts={"images": 10000},
)

MPII = Dataset(
    name="mpii",
    title="MPII Human Pose",
    files=(
        File(
            f"{_MPII}/mpii_human_pose_v1_u12_2.zip",
            "mpii_human_pose_v1_u12_2.zip",
            "sha256:3e8bd6b61d39bc2e2bc5cd33a17b0bd08cd2d06c302f24f552042e53a35bcb76",
            12_340_483,
            holds=("mpii_human_pose_v1_u12_1.mat",),
        ),
        File(
            f"{_MPII}/mpii_human_pose_v1.tar.gz",
            "mpii_human_pose_v1.tar.gz",
            "sha256:6d26fbf89f49a7aeff4aa5f98123763f334693806b98eb15630f57a0b50998ce",
            12_088_943_206,
            holds=("*.jpg",),
            into="images",
        ),
    ),
    licence="annotations under the Simplified BSD licence; the images for research only, for "
    "their copyright is not the authors'.",
    by_hand="The download page is http://human-pose.mpi-inf.mpg.de/#download: images (12 GB) and "
    "annotations.",
    citation="Andriluka, Pishchulin, Gehler and Schiele: 2D Human Pose Estimation: New Benchmark "
    "and State of the Art Analysis. CVPR 2014.",
)

OLYMPIC_SPORTS_LABELS = Dataset(
    name="olympic_sports_labels",
    title="Olympic Sports posture labels",
    files=(
        *(
            File(f"{_CLIQUECNN}/{name}", name)
            for category in OLYMPIC_CATEGORIES
            for name in (
                f"labels_hdf5_19.02.16/labels_{category}.hdf5",
                f"image_pathes/imagePaths_{category}.txt",
            )
        ),
        File(f"{_CLIQUECNN}/bboxes.tar.gz", "bboxes.tar.gz", holds=("*/*.bb",), into="bboxes"),
    ),
    licence="BSD 2-Clause for labels, frame lists and boxes, as the repository says.",
    by_hand="The labels are in https://github.com/asanakoy/cliquecnn, folder "
    "olympic_sports_retrieval/data. Frames are not among them: get the videos from "
    "http://vision.stanford.edu/Datasets/OlympicSports/ and put their frames into "
    "frames/CATEGORY/SEQUENCE/I00000.png beside the labels.",
    citation="Bautista, Sanakoyeu, Sutter and Ommer: CliqueCNN: Deep Unsupervised Exemplar "
    "Learning. NIPS 2016.",
    counts={"categories": 16, "exemplars": 1033, "sequences": 525, "frames": 113_516},
)

QUVA = Dataset(
    name="quva",
    title="QUVA Repetition",
    files=(
        File(
            f"{_QUVA}/QUVARepetitionDataset.tar.gz",
            "QUVARepetitionDataset.tar.gz",
            holds=("videos/*", "annotations/*.npy"),
        ),
    ),
    licence="none is stated; the authors ask to be cited.",
    by_hand="The authors' page is http://tomrunia.github.io/projects/repetition/.",
    citation="Runia, Snoek and Smeulders: Real-World Repetition Estimation by Div, Grad and Curl. "
    "CVPR 2018.",
    counts={"videos": 100, "annotations": 100},
)

JHMDB = Dataset(
    name="jhmdb",
    title="J-HMDB",
    files=(
        File(
            f"{_JHMDB}/JHMDB_video.zip",
            "JHMDB_video.zip",
            "md5:0aca5af988892c8c2afe652a30544b8c",
            holds=("*/*.avi",),
            into="videos",
        ),
        File(
            f"{_JHMDB}/joint_positions.zip",
            "joint_positions.zip",
            "md5:3d1ac91bcb8544ddfdd9547997db239f",
            holds=("*/*/joint_positions.mat",),
            into="joint_positions",
        ),
    ),
    licence="none comes with the files. The clips are from HMDB51 (CC BY 4.0, as its page says), "
    "which cut them from films and web videos.",
    by_hand="The authors' page is http://jhmdb.is.tue.mpg.de/.",
    citation="Jhuang, Gall, Zuffi, Schmid and Black: Towards Understanding Action Recognition. "
    "ICCV 2013.",
    counts={"classes": 21, "clips": 928, "annotated clips": 928, "annotated frames": 31_838},
)

MIDDLEBURY = Dataset(
    name="middlebury",
    title="Middlebury flow, training pairs",
    files=(
        File(
            f"{_MIDDLEBURY}/other-color-twoframes.zip",
            "other-color-twoframes.zip",
            holds=("*/frame10.png",),
        ),
        File(f"{_MIDDLEBURY}/other-gt-flow.zip", "other-gt-flow.zip", holds=("*/flow10.flo",)),
    ),
    licence="none is stated; published for research.",
    by_hand="The page is https://vision.middlebury.edu/flow/data/: color images, two frames only, "
    "and ground truth flow.",
    citation="Baker, Scharstein, Lewis, Roth, Black and Szeliski: A Database and Evaluation "
    "Methodology for Optical Flow. IJCV 92(1), 2011.",
    counts={"pairs": 8},
)

DATASETS = (LSP, LSP_EXTENDED, MPII, OLYMPIC_SPORTS_LABELS, QUVA, JHMDB, MIDDLEBURY)


def find_dataset(name: str) -> Dataset:
    """Return a dataset by its name.

    Raises:
        InputError: There is none; the message lists those that there are.
    """
    for dataset in DATASETS:
        if dataset.name == name:
            return dataset
    message = f"{name!r} is no dataset, expected one of {', '.join(one.name for one in DATASETS)}"
    raise InputError(message)
