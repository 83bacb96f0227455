"""How much one file may cost. Sizes in bytes, times in seconds."""

WALL_S = 20.0  # for one file
BATCH_S = 60.0  # for all files of one submission, once its turn has come
CPU_S = 20
START_S = 30.0  # until the process apart says it is ready; a machine under load starts slowly
MEMORY = 1 << 30  # address space
AT_ONCE = 3  # processes
PER_CHANNEL = 2  # of these for one channel: what is slow on one leaves a place for the others
PATIENCE_S = (
    20.0  # for a place; who waits longer is told to come again, and meanwhile keeps no place of their channel's
)
AFTER_TIMEOUT_S = 10.0  # for all further files of a submission of which one took too long
NICE = 5  # the process that answers citizens comes first

MAX_TEXT = 2_000_000  # UTF-8; what a submission can carry is less, but that is the assembler's to say
MAX_PART = 32_000_000  # one XML part of an office file, unpacked
MAX_UNPACKED = 150_000_000  # an office file, unpacked
MAX_ENTRIES = 5_000  # parts of an office file or a zip
MAX_CELLS = 20_000_000  # of a sheet, empty ones between used ones included
MAX_PAGES = 2_000
MAX_MEMBERS = 100  # files inside one file
MAX_MEMBER = 25_000_000
MAX_MEMBERS_SIZE = 60_000_000  # together
MAX_DEPTH = 2  # a zip in a zip, a mail in a zip; no deeper
MAX_FRAME = 80_000_000  # of the pipe
MAX_HEADER = 1_000_000
