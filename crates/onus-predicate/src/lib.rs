//! A subset of CEL: parsed, type-checked, compiled to slots, evaluated in three values.
