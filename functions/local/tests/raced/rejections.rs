//! An operator rejects the account while another one brings its customer further: whoever is later finds what the
//! earlier one decided.

use marketplace::ApprovalState;
use marketplace_simulator::Fault;
use store::{Approval, Store};

use crate::actor::{Actor, Ended, Stop};
use crate::news::news;
use crate::overtaking::{Gate, Overtaken, overtake};
use crate::pairs::NewStore;
use crate::world::World;

pub(crate) async fn a_rejection_that_waits_for_google_is_overtaken_by_each(new_store: NewStore) {
    for second in Actor::ALL {
        println!("the rejection waits for {second:?}");
        let pair = [Actor::Rejection, second];
        let approval = Box::pin(overtaken(pair, new_store())).await;
        // An event or a round decides nothing where nobody has signed up; here somebody has.
        assert_eq!(approval, Approval::Approved);
    }
}

pub(crate) async fn a_rejection_overtakes_each_who_waits_for_google(new_store: NewStore) {
    for first in Actor::ALL {
        println!("{first:?} waits for the rejection");
        let pair = [first, Actor::Rejection];
        let approval = Box::pin(overtaken(pair, new_store())).await;
        // Another operator was shown that the account is rejected, and approves it all the same.
        let expected = match first {
            Actor::Operator => Approval::Approved,
            _ => Approval::Rejected,
        };
        assert_eq!(approval, expected);
    }
}

/// What is stored of the account in the end, after the checks that are always made.
async fn overtaken(pair: [Actor; 2], store: Store) -> Approval {
    let world = World::start(store, pair).await;
    let faults = world.function.simulator.faults();
    let close = || Gate::Google(faults.next(Stop::FirstCall.calls(), Fault::hang()));
    let overtaken = Box::pin(overtake(&world, pair, close)).await;
    assert!(overtaken.is_forced);
    world.back_office.settle().await;
    news(&world.function.simulator);
    let approval = world.account().await.approval;
    agree(&world, pair, &overtaken, approval);
    approval
}

/// Nobody is let in to a rejected account, and nothing is sold to it. That Google has an approval that was on its way
/// is possible: reconciliation goes on rejecting it.
fn agree(world: &World, pair: [Actor; 2], overtaken: &Overtaken, approval: Approval) {
    let is_approved = approval == Approval::Approved;
    for (actor, ended) in pair.into_iter().zip(&overtaken.ended) {
        match ended {
            Ended::Well => assert!(is_approved || !actor.is_customer(), "{actor:?}"),
            Ended::Refused => assert!(!is_approved, "{actor:?}"),
            Ended::NotDone(why) => {
                assert!(actor == Actor::Rejection && is_approved, "{actor:?}: {why}");
            }
        }
    }
    let times_approved = world.order_at_google().times_approved;
    assert_eq!(times_approved, u32::from(is_approved));
    if is_approved {
        let at_google = &world.account_at_google().approvals[0].state;
        assert_eq!(*at_google, ApprovalState::Approved);
    }
}
