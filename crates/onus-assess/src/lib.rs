//! Allocate duties, decide controls, roll up. Pure.
