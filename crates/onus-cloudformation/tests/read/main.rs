//! Templates in, resources out.

mod detection;
mod functions;
mod show;
mod stacks;
