// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Carekey} from "../../../contracts/Carekey.sol";
import {EmergencyAccess} from "../../../contracts/consent/EmergencyAccess.sol";
import {EmergencyId, IEmergencyAccess} from "../../../contracts/consent/IEmergencyAccess.sol";
import {vm} from "../support/Vm.sol";

/// @dev Four clinicians, who are patients, too, do anything in any order. What the rules allow is worked out here a second time, from
/// a ledger of plain facts; a call that passes against the rules, or fails though they allow it, is a violation.
contract Ward {
    uint256 public constant PEOPLE = 4;
    uint32 public constant SENIORITY = 2 hours;

    struct Fact {
        bytes32 id;
        address patient;
        address requester;
        address coSigner;
        uint256 askedAt;
        uint256 opensAt;
        bool isStopped;
        bool isReviewed;
        bool isJustified;
        uint256 round;
    }

    Carekey public immutable carekey;
    EmergencyAccess public immutable emergency;

    uint256 public violations;
    uint256 public unjustifiedWithoutSuspension;
    uint256 public latest = 2_000_000_000;

    Fact[] private _facts;
    mapping(address account => uint256) public licensedUntil;
    mapping(address account => uint256) public licensedSince;
    mapping(address account => bool) public isSuspended;
    mapping(address patient => bool) public isEnabled;
    mapping(address patient => uint256) public delayOf;
    mapping(address patient => uint256) public roundOf;
    mapping(address patient => uint256) public contactsOf;
    mapping(address requester => uint256[]) private _askedAt;

    constructor() {
        vm.warp(latest);
        carekey = new Carekey(address(this), 1 days);
        emergency = new EmergencyAccess(address(carekey), SENIORITY);
        for (uint256 i = 0; i < PEOPLE; ++i) {
            vm.prank(person(i));
            carekey.register(2, keccak256("key"));
            verify(i, 99_999);
        }
        pass(10_000);
        for (uint256 i = 0; i < PEOPLE; ++i) configure(i, uint32(i * 400), 1);
    }

    function person(uint256 seed) public pure returns (address) {
        return address(uint160(0x2000 + (seed % PEOPLE)));
    }

    function contactOf(address patient) public pure returns (address) {
        return address(uint160(patient) + 0x1000);
    }

    function factCount() external view returns (uint256) {
        return _facts.length;
    }

    function fact(uint256 index) external view returns (Fact memory) {
        return _facts[index];
    }

    function askedAt(address requester) external view returns (uint256[] memory) {
        return _askedAt[requester];
    }

    function pass(uint16 seconds_) public {
        latest += seconds_ % 1_500;
        vm.warp(latest);
    }

    function passLong(uint16 seconds_) external {
        latest += seconds_;
        vm.warp(latest);
    }

    function verify(uint256 who, uint32 length) public {
        address account = person(who);
        uint256 until = latest + (length % 100_000);
        bytes memory data = abi.encodeCall(carekey.verify, (account, uint48(until), 0));
        if (!_call(address(carekey), address(this), data, until > latest)) return;
        if (latest >= licensedUntil[account]) licensedSince[account] = latest;
        licensedUntil[account] = until;
    }

    function suspend(uint256 who) external {
        address account = person(who);
        bytes memory data = abi.encodeCall(carekey.suspend, (account));
        if (_call(address(carekey), address(this), data, !isSuspended[account])) isSuspended[account] = true;
    }

    function restore(uint256 who) external {
        address account = person(who);
        bytes memory data = abi.encodeCall(carekey.restore, (account));
        if (!_call(address(carekey), address(this), data, isSuspended[account])) return;
        isSuspended[account] = false;
        licensedSince[account] = latest;
    }

    function configure(uint256 who, uint32 delay, uint8 contacts) public {
        address patient = person(who);
        delay = delay % (1 days + 100);
        uint256 count = contacts % 7;
        bytes32[] memory list = new bytes32[](count);
        for (uint256 i = 0; i < count; ++i) list[i] = emergency.contactCommitment(patient, contactOf(patient), 0);
        bool isSame = isEnabled[patient] && delayOf[patient] == delay && contactsOf[patient] == count;
        bool isAllowed = delay <= 1 days && count <= 5 && !isSame;
        if (!_call(address(emergency), patient, abi.encodeCall(emergency.configure, (delay, list)), isAllowed)) return;
        isEnabled[patient] = true;
        delayOf[patient] = delay;
        contactsOf[patient] = count;
    }

    function disable(uint256 who) external {
        address patient = person(who);
        bytes memory data = abi.encodeCall(emergency.disable, ());
        if (!_call(address(emergency), patient, data, isEnabled[patient])) return;
        isEnabled[patient] = false;
        delayOf[patient] = 0;
        contactsOf[patient] = 0;
        ++roundOf[patient];
    }

    function request(uint256 who, uint256 whose, bytes32 reason) external {
        (address requester, address patient) = (person(who), person(whose));
        bool isAllowed = isEnabled[patient] && reason != 0 && requester != patient && isSenior(requester);
        isAllowed = isAllowed && !_hasOpen(requester) && recentCount(requester) < 3;
        bytes memory data = abi.encodeCall(emergency.request, (patient, reason));
        if (!_call(address(emergency), requester, data, isAllowed)) return;
        bytes32 id = EmergencyId.unwrap(emergency.latestOf(requester));
        _askedAt[requester].push(latest);
        Fact storage made = _facts.push();
        (made.id, made.patient, made.requester, made.askedAt) = (id, patient, requester, latest);
        made.round = roundOf[patient];
    }

    function coSign(uint256 who, uint256 which) external {
        if (_facts.length == 0) return;
        Fact storage asked = _facts[_pick(which)];
        address account = person(who);
        bool isAllowed = isOpen(asked) && asked.coSigner == address(0) && isSenior(account);
        isAllowed = isAllowed && account != asked.requester && account != asked.patient;
        bytes memory data = abi.encodeCall(emergency.coSign, (EmergencyId.wrap(asked.id)));
        if (!_call(address(emergency), account, data, isAllowed)) return;
        asked.coSigner = account;
        asked.opensAt = latest + delayOf[asked.patient];
    }

    function stop(uint256 who, uint256 which) external {
        if (_facts.length == 0) return;
        Fact storage asked = _facts[_pick(which)];
        address account = person(who);
        _stop(asked, account, account == asked.patient || account == asked.requester || account == asked.coSigner);
    }

    function stopAsContact(uint256 who, uint256 which) external {
        if (_facts.length == 0) return;
        Fact storage asked = _facts[_pick(which)];
        address account = contactOf(person(who));
        _stop(asked, account, account == contactOf(asked.patient) && contactsOf[asked.patient] > 0);
    }

    function review(uint256 which, bool justified) external {
        if (_facts.length == 0) return;
        Fact storage asked = _facts[_pick(which)];
        bool isAllowed = !isOpen(asked) && !asked.isReviewed && (justified || isSuspended[asked.requester]);
        bytes memory data = abi.encodeCall(emergency.review, (EmergencyId.wrap(asked.id), justified));
        if (!_call(address(emergency), address(this), data, isAllowed)) return;
        (asked.isReviewed, asked.isJustified) = (true, justified);
        if (!justified && !isSuspended[asked.requester]) ++unjustifiedWithoutSuspension;
    }

    function reviewAsAnybody(uint256 who, uint256 which) external {
        if (_facts.length == 0) return;
        bytes memory data = abi.encodeCall(emergency.review, (EmergencyId.wrap(_facts[_pick(which)].id), true));
        _call(address(emergency), person(who), data, false);
    }

    function isSenior(address account) public view returns (bool) {
        bool isLicensed = latest < licensedUntil[account] && !isSuspended[account];
        return isLicensed && latest >= licensedSince[account] + SENIORITY;
    }

    function isOpen(Fact memory asked) public view returns (bool) {
        if (asked.isStopped || asked.round != roundOf[asked.patient]) return false;
        return asked.coSigner == address(0) ? latest < asked.askedAt + 900 : latest < asked.opensAt + 10_800;
    }

    function isActive(Fact memory asked) public view returns (bool) {
        bool isRunning = asked.coSigner != address(0) && isOpen(asked) && latest >= asked.opensAt;
        return isRunning && isSenior(asked.requester) && isSenior(asked.coSigner);
    }

    /// @dev How many requests a clinician made in the 24 hours up to now.
    function recentCount(address requester) public view returns (uint256 count) {
        uint256[] storage times = _askedAt[requester];
        for (uint256 i = times.length; i > 0 && latest < times[i - 1] + 1 days; --i) ++count;
    }

    function _hasOpen(address requester) private view returns (bool) {
        for (uint256 i = 0; i < _facts.length; ++i) {
            if (_facts[i].requester == requester && isOpen(_facts[i])) return true;
        }
        return false;
    }

    /// @dev The newest one in half of the calls: the others are mostly over.
    function _pick(uint256 seed) private view returns (uint256) {
        return seed % 2 == 0 ? _facts.length - 1 : (seed / 2) % _facts.length;
    }

    function _stop(Fact storage asked, address account, bool isConcerned) private {
        bytes memory data = abi.encodeCall(emergency.stop, (EmergencyId.wrap(asked.id), 0));
        if (_call(address(emergency), account, data, isConcerned && isOpen(asked))) asked.isStopped = true;
    }

    function _call(address target, address sender, bytes memory data, bool isAllowed) private returns (bool isDone) {
        if (sender != address(this)) vm.prank(sender);
        (isDone, ) = target.call(data);
        if (isDone != isAllowed) ++violations;
    }
}

/// @notice What holds of emergency access after any sequence of calls by anybody.
contract EmergencyAccessInvariants {
    Ward private _ward;
    Carekey private _carekey;
    EmergencyAccess private _emergency;

    function setUp() public {
        _ward = new Ward();
        _carekey = _ward.carekey();
        _emergency = _ward.emergency();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_ward);
    }

    function invariant_callsPassExactlyWhenTheRulesAllowThem() public view {
        assert(_ward.violations() == 0);
    }

    function invariant_activeExactlyWhenTheLedgerSaysSo() public view {
        for (uint256 i = 0; i < _ward.PEOPLE() ** 2; ++i) {
            (address patient, address reader) = (_ward.person(i / 4), _ward.person(i));
            bool expected = false;
            for (uint256 j = 0; j < _ward.factCount(); ++j) {
                Ward.Fact memory asked = _ward.fact(j);
                bool isTheirs = asked.patient == patient && asked.requester == reader;
                expected = expected || (isTheirs && _ward.isActive(asked));
            }
            assert(_emergency.isActive(patient, reader) == expected);
        }
    }

    function invariant_neverActiveWithoutTwoDistinctSeniorLicences() public view {
        for (uint256 i = 0; i < _ward.PEOPLE() ** 2; ++i) {
            IEmergencyAccess.Request memory asked = _active(i);
            if (asked.patient == address(0)) continue;
            assert(asked.requester != asked.coSigner);
            assert(_ward.isSenior(asked.requester) && _ward.isSenior(asked.coSigner));
        }
    }

    function invariant_neverActiveAfterAStop() public view {
        for (uint256 i = 0; i < _ward.PEOPLE() ** 2; ++i) assert(_active(i).stoppedAt == 0);
    }

    function invariant_neverActiveBeforeTheDelayOrAfterThreeHours() public view {
        for (uint256 i = 0; i < _ward.PEOPLE() ** 2; ++i) {
            IEmergencyAccess.Request memory asked = _active(i);
            if (asked.patient == address(0)) continue;
            assert(asked.opensAt <= _ward.latest() && _ward.latest() < asked.opensAt + 3 hours);
        }
    }

    function invariant_neverActiveWhileTurnedOff() public view {
        for (uint256 i = 0; i < _ward.PEOPLE() ** 2; ++i) {
            IEmergencyAccess.Request memory asked = _active(i);
            assert(asked.patient == address(0) || _ward.isEnabled(asked.patient));
        }
    }

    function invariant_nobodyReadsTheirOwnChartByEmergency() public view {
        for (uint256 i = 0; i < _ward.PEOPLE(); ++i) {
            assert(!_emergency.isActive(_ward.person(i), _ward.person(i)));
        }
    }

    function invariant_oneOpenRequestPerClinician() public view {
        for (uint256 who = 0; who < _ward.PEOPLE(); ++who) {
            uint256 open = 0;
            for (uint256 i = 0; i < _ward.factCount(); ++i) {
                Ward.Fact memory asked = _ward.fact(i);
                if (asked.requester == _ward.person(who) && _emergency.isOpen(EmergencyId.wrap(asked.id))) ++open;
            }
            assert(open <= 1);
        }
    }

    function invariant_atMostThreeRequestsInAnyDay() public view {
        for (uint256 who = 0; who < _ward.PEOPLE(); ++who) {
            uint256[] memory times = _ward.askedAt(_ward.person(who));
            for (uint256 i = 3; i < times.length; ++i) assert(times[i] >= times[i - 3] + 1 days);
        }
    }

    function invariant_requestsAreKeptAsTheyHappened() public view {
        for (uint256 i = 0; i < _ward.factCount(); ++i) {
            Ward.Fact memory asked = _ward.fact(i);
            IEmergencyAccess.Request memory kept = _emergency.requestOf(EmergencyId.wrap(asked.id));
            assert(kept.patient == asked.patient && kept.requester == asked.requester);
            assert(kept.coSigner == asked.coSigner && kept.opensAt == asked.opensAt);
            assert(kept.requestedAt == asked.askedAt && kept.round == asked.round);
            assert((kept.stoppedAt != 0) == asked.isStopped);
        }
    }

    function invariant_aRequestIsNeverNamedTwice() public view {
        for (uint256 i = 0; i < _ward.factCount(); ++i) {
            assert(_ward.fact(i).id != 0);
            for (uint256 j = 0; j < i; ++j) assert(_ward.fact(i).id != _ward.fact(j).id);
        }
    }

    function invariant_aVerdictIsGivenOnceAndOnlyWhenItIsOver() public view {
        for (uint256 i = 0; i < _ward.factCount(); ++i) {
            Ward.Fact memory asked = _ward.fact(i);
            uint8 verdict = _emergency.requestOf(EmergencyId.wrap(asked.id)).verdict;
            assert(
                verdict ==
                    (
                        !asked.isReviewed
                            ? 0
                            : asked.isJustified
                                ? 1
                                : 2
                    )
            );
            assert(verdict == 0 || !_emergency.isOpen(EmergencyId.wrap(asked.id)));
        }
    }

    function invariant_unjustifiedUseIsNeverWrittenDownWithoutItsConsequence() public view {
        assert(_ward.unjustifiedWithoutSuspension() == 0);
    }

    function invariant_settingsAreTheLedger() public view {
        for (uint256 i = 0; i < _ward.PEOPLE(); ++i) {
            address patient = _ward.person(i);
            (IEmergencyAccess.Settings memory settings, bytes32[] memory contacts) = _emergency.settingsOf(patient);
            assert(settings.enabled == _ward.isEnabled(patient) && settings.delay == _ward.delayOf(patient));
            assert(settings.round == _ward.roundOf(patient) && contacts.length == _ward.contactsOf(patient));
            assert(settings.delay <= 1 days && contacts.length <= 5);
        }
    }

    function invariant_aVerificationIsAsOldAsTheLedgerSays() public view {
        for (uint256 i = 0; i < _ward.PEOPLE(); ++i) {
            uint256 since = _carekey.identityOf(_ward.person(i)).verifiedSince;
            assert(since == _ward.licensedSince(_ward.person(i)) && since <= _ward.latest());
        }
    }

    function invariant_itHasNoPowerAndNoMoney() public view {
        assert(!_carekey.hasRole(_carekey.REGISTRAR_ROLE(), address(_emergency)));
        assert(!_carekey.hasRole(0, address(_emergency)) && address(_emergency).balance == 0);
    }

    /// @dev The request under which a pair of people may read now; all zero when there is none.
    function _active(uint256 pair) private view returns (IEmergencyAccess.Request memory asked) {
        (EmergencyId id, , , ) = _emergency.activeRequest(_ward.person(pair / 4), _ward.person(pair));
        return _emergency.requestOf(id);
    }
}
