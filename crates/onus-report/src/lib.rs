//! One file a report format. Reports render; they compute nothing.
