"""The drafts people write about, indexed once per definition: where sections lie, and where quoted words stand."""
