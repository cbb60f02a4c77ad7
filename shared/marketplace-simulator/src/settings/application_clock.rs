//! By which clock the vendor's application lives.

/// By which clock the vendor's application lives: which one its tokens are issued by. All other tokens are issued
/// by the simulated clock.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ApplicationClock {
    /// The simulated one, as the rest of the world.
    #[default]
    Simulated,
    /// This machine's: an application of somebody's own, which knows nothing of the simulated time.
    Machine,
}
