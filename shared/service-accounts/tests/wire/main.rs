//! Service accounts over real HTTP, beside the simulated Google.

#[cfg(test)]
mod calls;
#[cfg(test)]
mod refusals;
#[cfg(test)]
mod simulated;
