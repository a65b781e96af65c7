//! The catalog: YAML to a checked catalog, and the compact form that the binary embeds.
