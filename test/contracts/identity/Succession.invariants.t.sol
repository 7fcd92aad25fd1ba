// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISuccession} from "../../../contracts/identity/ISuccession.sol";
import {Succession} from "../../../contracts/identity/Succession.sol";
import {vm} from "../support/Vm.sol";

/// @dev Five accounts, who are each other's guardians and successors, do anything in any order. What the rules allow is worked out here
/// a second time, from a ledger of plain facts; a call that passes against the rules, or fails though they allow it, is a violation.
contract Family {
    uint256 public constant PEOPLE = 5;
    uint48 public constant LEAST = 1 days;
    uint256 private constant OWNER_KEY = 0x5000;

    Succession public immutable succession;

    uint256 public violations;
    uint256 public latest = 2_000_000_000;

    struct Named {
        address[] guardians;
        uint256 threshold;
        uint256 delay;
        uint256 round;
    }

    mapping(address account => Named) private _named;
    mapping(bytes32 claim => address[]) private _vouchers;
    mapping(bytes32 claim => uint256) public agreedAt;
    mapping(address predecessor => address) public successor;
    mapping(address successor => address) public predecessor;
    mapping(address predecessor => bool) public isByGuardians;
    mapping(address predecessor => uint256) public tiedAt;
    /// @dev When an account last objected, or changed its guardians.
    mapping(address account => uint256) public unsettledAt;

    constructor() {
        vm.warp(latest);
        succession = new Succession(LEAST);
        for (uint256 i = 0; i < PEOPLE; ++i) name(i, 3, 2, 0);
    }

    function person(uint256 seed) public pure returns (address) {
        return vm.addr(OWNER_KEY + (seed % PEOPLE));
    }

    function named(address account) external view returns (Named memory) {
        return _named[account];
    }

    function vouchersOf(address from, address to) public view returns (address[] memory) {
        return _vouchers[_claim(from, to)];
    }

    function agreedTime(address from, address to) external view returns (uint256) {
        return agreedAt[_claim(from, to)];
    }

    function pass(uint32 seconds_) external {
        latest += seconds_ % 20 hours;
        vm.warp(latest);
    }

    function name(uint256 who, uint8 count, uint8 threshold, uint48 delay) public {
        address account = person(who);
        count = count % 9;
        threshold = threshold % 6;
        delay = delay % 3 days;
        bytes32[] memory list = new bytes32[](count);
        address[] memory guardians = new address[](count);
        for (uint256 i = 0; i < count; ++i) {
            guardians[i] = person((who % PEOPLE) + 1 + i);
            list[i] = keccak256(abi.encode(account, guardians[i], _salt(i)));
        }
        bool isSet = count >= 2 && count <= 7 && threshold >= 2 && threshold <= count && (delay == 0 || delay >= LEAST);
        bool isRemoval = count == 0 && _named[account].guardians.length > 0;
        bytes memory data = abi.encodeCall(succession.setGuardians, (list, threshold, delay));
        if (!_call(account, data, isSet || isRemoval)) return;
        _named[account].guardians = guardians;
        _named[account].threshold = isRemoval ? 0 : threshold;
        _named[account].delay =
            isRemoval
                ? 0
                : delay == 0
                    ? LEAST
                    : delay;
        _beginRound(account);
    }

    function vouch(uint256 who, uint256 whose, uint256 next, uint8 which) external {
        (address guardian, address from, address to) = (person(who), person(whose), person(next));
        address[] memory guardians = _named[from].guardians;
        uint256 index = guardians.length == 0 ? 0 : which % guardians.length;
        bool isGuardian = guardians.length > 0 && guardians[index] == guardian;
        bool isAllowed = isGuardian && mayTie(from, to) && !_has(vouchersOf(from, to), guardian);
        bytes memory data = abi.encodeCall(succession.vouch, (from, to, _salt(index), _list(from)));
        if (!_call(guardian, data, isAllowed)) return;
        _vouchers[_claim(from, to)].push(guardian);
        if (vouchersOf(from, to).length == _named[from].threshold) agreedAt[_claim(from, to)] = latest;
    }

    function veto(uint256 who) external {
        address account = person(who);
        bool isAllowed = _named[account].guardians.length > 0;
        if (_call(account, abi.encodeCall(succession.veto, ()), isAllowed)) _beginRound(account);
    }

    function complete(uint256 who, uint256 whose) external {
        (address to, address from) = (person(who), person(whose));
        uint256 agreed = agreedAt[_claim(from, to)];
        bool isReady = agreed != 0 && latest >= agreed + _named[from].delay;
        bytes memory data = abi.encodeCall(succession.complete, (from));
        if (_call(to, data, isReady && mayTie(from, to))) _tie(from, to, true);
    }

    function succeed(uint256 who, uint256 next, uint256 signer) external {
        (address from, address to) = (person(who), person(next));
        // Mostly the new account signs; a few times somebody else does.
        uint256 signing = signer % 8 == 0 ? signer / 8 : next;
        bytes32 digest = _followDigest(from, to);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(OWNER_KEY + (signing % PEOPLE), digest);
        bytes memory data = abi.encodeCall(succession.succeed, (to, type(uint48).max, abi.encodePacked(r, s, v)));
        if (_call(from, data, mayTie(from, to) && person(signing) == to)) _tie(from, to, false);
    }

    function mayTie(address from, address to) public view returns (bool) {
        return
            from != to && successor[from] == address(0) && successor[to] == address(0) && predecessor[to] == address(0);
    }

    function _tie(address from, address to, bool byGuardians) private {
        (successor[from], predecessor[to]) = (to, from);
        (isByGuardians[from], tiedAt[from]) = (byGuardians, latest);
    }

    function _beginRound(address account) private {
        ++_named[account].round;
        unsettledAt[account] = latest;
    }

    /// @dev What is said counts in its round only, so the ledger keeps it under the round's number.
    function _claim(address from, address to) private view returns (bytes32) {
        return keccak256(abi.encode(from, to, _named[from].round));
    }

    function _list(address account) private view returns (bytes32[] memory list) {
        address[] memory guardians = _named[account].guardians;
        list = new bytes32[](guardians.length);
        for (uint256 i = 0; i < list.length; ++i) list[i] = keccak256(abi.encode(account, guardians[i], _salt(i)));
    }

    function _followDigest(address from, address to) private view returns (bytes32) {
        bytes32 typehash = keccak256("Follow(address predecessor,address successor,uint48 deadline)");
        bytes32 structHash = keccak256(abi.encode(typehash, from, to, type(uint48).max));
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Carekey"),
                keccak256("1"),
                block.chainid,
                address(succession)
            )
        );
        return keccak256(abi.encodePacked("\x19\x01", domain, structHash));
    }

    function _has(address[] memory list, address account) private pure returns (bool) {
        for (uint256 i = 0; i < list.length; ++i) if (list[i] == account) return true;
        return false;
    }

    function _salt(uint256 index) private pure returns (bytes32) {
        return keccak256(abi.encode("salt", index));
    }

    function _call(address sender, bytes memory data, bool isAllowed) private returns (bool isDone) {
        vm.prank(sender);
        (isDone, ) = address(succession).call(data);
        if (isDone != isAllowed) ++violations;
    }
}

/// @notice What holds of successions after any sequence of calls by anybody.
contract SuccessionInvariants {
    Family private _family;
    Succession private _succession;

    function setUp() public {
        _family = new Family();
        _succession = _family.succession();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_family);
    }

    function invariant_callsPassExactlyWhenTheRulesAllowThem() public view {
        assert(_family.violations() == 0);
    }

    function invariant_successorsAndPredecessorsAreTheLedgersAndMirrorEachOther() public view {
        for (uint256 i = 0; i < _family.PEOPLE(); ++i) {
            address account = _family.person(i);
            address next = _succession.successorOf(account);
            assert(next == _family.successor(account));
            assert(_succession.predecessorOf(account) == _family.predecessor(account));
            assert(next == address(0) || _succession.predecessorOf(next) == account);
        }
    }

    function invariant_everyChainEnds() public view {
        for (uint256 i = 0; i < _family.PEOPLE(); ++i) {
            address account = _family.person(i);
            uint256 steps = 0;
            while (account != address(0)) {
                account = _succession.successorOf(account);
                assert(++steps <= _family.PEOPLE());
            }
        }
    }

    function invariant_guardiansNeverWinBeforeTheWholeWaitingTimeWithoutAVeto() public view {
        for (uint256 i = 0; i < _family.PEOPLE(); ++i) {
            address from = _family.person(i);
            if (!_family.isByGuardians(from)) continue;
            address next = _succession.successorOf(from);
            uint256 unsettledAt = _family.unsettledAt(from);
            // What came after the succession has no say in it any more.
            if (unsettledAt > _family.tiedAt(from)) continue;
            Family.Named memory named = _family.named(from);
            if (_family.vouchersOf(from, next).length == 0) continue;
            assert(_family.tiedAt(from) >= _family.agreedTime(from, next) + named.delay);
            assert(_family.tiedAt(from) >= unsettledAt + named.delay);
        }
    }

    function invariant_aClaimCountsDifferentGuardiansOfThisRoundOnly() public view {
        for (uint256 i = 0; i < _family.PEOPLE() ** 2; ++i) {
            (address from, address to) = (_family.person(i / 5), _family.person(i));
            ISuccession.Claim memory claim = _succession.claimOf(from, to);
            address[] memory vouchers = _family.vouchersOf(from, to);
            Family.Named memory named = _family.named(from);
            assert(claim.vouchers == vouchers.length && claim.vouchers <= named.guardians.length);
            assert(claim.vouchers == 0 || claim.round == named.round);
            assert((claim.readyFrom != 0) == (named.threshold != 0 && claim.vouchers >= named.threshold));
            for (uint256 j = 0; j < vouchers.length; ++j) {
                for (uint256 k = 0; k < j; ++k) assert(vouchers[j] != vouchers[k]);
            }
        }
    }

    function invariant_guardianshipsAreTheLedgers() public view {
        for (uint256 i = 0; i < _family.PEOPLE(); ++i) {
            ISuccession.Guardianship memory kept = _succession.guardianshipOf(_family.person(i));
            Family.Named memory named = _family.named(_family.person(i));
            assert(kept.count == named.guardians.length && kept.threshold == named.threshold);
            assert(kept.delay == named.delay && kept.round == named.round);
            assert(kept.count == 0 ? kept.guardiansHash == 0 : kept.threshold >= 2 && kept.delay >= _family.LEAST());
        }
    }

    function invariant_itHoldsNoMoney() public view {
        assert(address(_succession).balance == 0);
    }
}
