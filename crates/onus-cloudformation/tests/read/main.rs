//! Templates in, resources out.

mod detection;
mod functions;
mod sam;
mod show;
mod stacks;
