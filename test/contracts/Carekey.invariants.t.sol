// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Carekey} from "../../contracts/Carekey.sol";
import {ConsentId, IConsentManager} from "../../contracts/consent/IConsentManager.sol";
import {IIdentityRegistry} from "../../contracts/identity/IIdentityRegistry.sol";
import {EntryId} from "../../contracts/records/IRecordRegistry.sol";
import {vm} from "./support/Vm.sol";

/// @dev A few people who do anything in any order, and a ledger of what must be true of it. A call that the rules forbid is made
/// all the same and must fail: `violations` counts those that did not.
contract Clinic {
    uint256 public constant PEOPLE = 4;
    uint256 public constant CONSENTS = 4;

    Carekey public immutable carekey;

    uint256 public violations;
    uint256 public latest = 2_000_000_000;

    mapping(address patient => bytes32) public headBefore;
    mapping(address patient => bytes32) public ghostHead;
    mapping(address patient => mapping(bytes32 consentId => uint256)) public ghostGrantedAt;
    mapping(address patient => mapping(bytes32 consentId => uint256)) public ghostRevokedAt;
    mapping(address patient => uint256) public ghostRevokedBefore;
    mapping(address account => uint256) public ghostVerifiedUntil;
    mapping(address account => uint256) public ghostVerifiedSince;
    mapping(address account => bool) public ghostSuspended;
    mapping(address account => uint8) public ghostRole;

    constructor() {
        vm.warp(latest);
        carekey = new Carekey(address(this), 1 days);
    }

    function person(uint256 seed) public pure returns (address) {
        return address(uint160(0x1000 + (seed % PEOPLE)));
    }

    function terms(uint256 patient, uint256 grantee, uint256 which) public pure returns (IConsentManager.Terms memory) {
        return
            IConsentManager.Terms({
                patient: person(patient),
                grantee: person(grantee),
                organisation: address(0),
                scopesHash: keccak256(""),
                fromEpoch: 0,
                rights: 2,
                notBefore: 2_000_000_000,
                expiresAt: 2_000_200_000,
                maxViews: 0,
                flags: 2,
                aboutHash: bytes32(which % CONSENTS)
            });
    }

    function pass(uint16 seconds_) external {
        latest += seconds_;
        vm.warp(latest);
    }

    function register(uint256 who, uint8 role) external {
        address account = person(who);
        role = uint8(1 + (role % 4));
        bool isAllowed = ghostRole[account] == 0;
        if (_call(account, abi.encodeCall(carekey.register, (role, keccak256("key"))), isAllowed)) {
            ghostRole[account] = role;
        }
    }

    function verify(uint256 who, uint32 length) external {
        address account = person(who);
        uint48 validUntil = uint48(latest + (length % 100_000));
        bool isAllowed = _isLicensable(account) && validUntil > latest;
        if (_call(address(this), abi.encodeCall(carekey.verify, (account, validUntil, 0)), isAllowed)) {
            if (latest >= ghostVerifiedUntil[account]) ghostVerifiedSince[account] = latest;
            ghostVerifiedUntil[account] = validUntil;
        }
    }

    function suspend(uint256 who) external {
        address account = person(who);
        bool isAllowed = _isLicensable(account) && !ghostSuspended[account];
        if (_call(address(this), abi.encodeCall(carekey.suspend, (account)), isAllowed)) ghostSuspended[account] = true;
    }

    function restore(uint256 who) external {
        address account = person(who);
        if (_call(address(this), abi.encodeCall(carekey.restore, (account)), ghostSuspended[account])) {
            ghostSuspended[account] = false;
            ghostVerifiedSince[account] = latest;
        }
    }

    function verifyAsAnybody(uint256 who, uint256 target) external {
        bytes memory data = abi.encodeCall(carekey.verify, (person(target), uint48(latest + 1), 0));
        _call(person(who), data, false);
    }

    function grant(uint256 who, uint256 grantee, uint256 which) external {
        address patient = person(who);
        bytes32 id = ConsentId.unwrap(carekey.hashTerms(terms(who, grantee, which)));
        bool isAllowed = ghostGrantedAt[patient][id] == 0 && ghostRevokedAt[patient][id] == 0;
        if (_call(patient, abi.encodeCall(carekey.grant, (ConsentId.wrap(id), 0)), isAllowed)) {
            ghostGrantedAt[patient][id] = latest;
        }
    }

    function revoke(uint256 who, uint256 grantee, uint256 which) external {
        address patient = person(who);
        bytes32 id = ConsentId.unwrap(carekey.hashTerms(terms(who, grantee, which)));
        bool isAllowed = ghostRevokedAt[patient][id] == 0;
        if (_call(patient, abi.encodeCall(carekey.revoke, (ConsentId.wrap(id))), isAllowed)) {
            ghostRevokedAt[patient][id] = latest;
        }
    }

    function revokeAll(uint256 who) external {
        address patient = person(who);
        if (_call(patient, abi.encodeCall(carekey.revokeAll, ()), ghostRevokedBefore[patient] < latest)) {
            ghostRevokedBefore[patient] = latest;
        }
    }

    function submit(uint256 caller, uint256 who, uint256 grantee, uint256 which, bytes32 pointer) external {
        IConsentManager.Terms memory consent = terms(who, grantee, which);
        address author = person(caller);
        bool isAllowed = author == consent.grantee && ghostVerified(author) && ghostRole[author] == 2;
        isAllowed = isAllowed && ghostActive(consent);
        bytes memory data = abi.encodeCall(carekey.submit, (consent, pointer, EntryId.wrap(0)));
        if (_call(author, data, isAllowed)) {
            bytes32 tag = keccak256("carekey/chart/submit/v1");
            _fold(consent.patient, abi.encode(tag, _head(consent.patient), author, pointer, bytes32(0)));
        }
    }

    function add(uint256 who, bytes32 pointer, bytes32 wraps, bytes32 supersedes) external {
        address patient = person(who);
        _call(patient, abi.encodeCall(carekey.add, (pointer, wraps, EntryId.wrap(supersedes))), true);
        bytes32 tag = keccak256("carekey/chart/add/v1");
        _fold(patient, abi.encode(tag, _head(patient), pointer, wraps, supersedes));
    }

    function decide(uint256 who, bytes32 entryId, uint8 verdict, bytes32 wraps) external {
        address patient = person(who);
        verdict = verdict % 4;
        bytes memory data = abi.encodeCall(carekey.decide, (EntryId.wrap(entryId), verdict, wraps));
        if (_call(patient, data, verdict == 1 || verdict == 2)) {
            bytes32 tag = keccak256("carekey/chart/decide/v1");
            _fold(patient, abi.encode(tag, _head(patient), entryId, uint256(verdict), wraps));
        }
    }

    function note(uint256 who, bytes32 digest) external {
        address patient = person(who);
        _call(patient, abi.encodeCall(carekey.note, (digest)), true);
        _fold(patient, abi.encode(keccak256("carekey/chart/note/v1"), _head(patient), digest));
    }

    function ghostVerified(address account) public view returns (bool) {
        return latest < ghostVerifiedUntil[account] && !ghostSuspended[account];
    }

    function ghostActive(IConsentManager.Terms memory consent) public view returns (bool) {
        bytes32 id = ConsentId.unwrap(carekey.hashTerms(consent));
        return
            ghostRevokedAt[consent.patient][id] == 0 &&
            ghostGrantedAt[consent.patient][id] > ghostRevokedBefore[consent.patient] &&
            consent.notBefore <= latest &&
            latest < consent.expiresAt;
    }

    function genesis(address patient) public view returns (bytes32) {
        return keccak256(abi.encode(keccak256("carekey/chart/genesis/v1"), block.chainid, address(carekey), patient));
    }

    function _head(address patient) private view returns (bytes32) {
        return ghostHead[patient] == 0 ? genesis(patient) : ghostHead[patient];
    }

    function _fold(address patient, bytes memory act) private {
        ghostHead[patient] = keccak256(act);
    }

    function _isLicensable(address account) private view returns (bool) {
        return ghostRole[account] == 2 || ghostRole[account] == 3;
    }

    function _call(address sender, bytes memory data, bool isAllowed) private returns (bool isDone) {
        vm.prank(sender);
        (isDone, ) = address(carekey).call(data);
        if (isDone != isAllowed) ++violations;
    }
}

/// @notice What holds after any sequence of calls by anybody.
contract CarekeyInvariants {
    Clinic private _clinic;
    Carekey private _carekey;

    function setUp() public {
        _clinic = new Clinic();
        _carekey = _clinic.carekey();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_clinic);
    }

    function invariant_callsPassExactlyWhenTheRulesAllowThem() public view {
        assert(_clinic.violations() == 0);
    }

    function invariant_headsAreTheFoldOfAllThatHappened() public view {
        for (uint256 i = 0; i < _clinic.PEOPLE(); ++i) {
            address patient = _clinic.person(i);
            bytes32 expected = _clinic.ghostHead(patient);
            assert(_carekey.head(patient) == (expected == 0 ? _clinic.genesis(patient) : expected));
        }
    }

    function invariant_consentStateIsTheLedger() public view {
        for (uint256 i = 0; i < 64; ++i) {
            IConsentManager.Terms memory terms = _termsOf(i);
            ConsentId id = _carekey.hashTerms(terms);
            (uint48 grantedAt, uint48 revokedAt) = _carekey.stateOf(terms.patient, id);
            assert(grantedAt == _clinic.ghostGrantedAt(terms.patient, ConsentId.unwrap(id)));
            assert(revokedAt == _clinic.ghostRevokedAt(terms.patient, ConsentId.unwrap(id)));
        }
    }

    function invariant_activeConsentsAreGrantedInTimeAndNotTakenBack() public view {
        for (uint256 i = 0; i < 64; ++i) {
            IConsentManager.Terms memory terms = _termsOf(i);
            assert(_carekey.isActive(terms) == _clinic.ghostActive(terms));
        }
    }

    function invariant_aRevokedConsentIsNeverActive() public view {
        for (uint256 i = 0; i < 64; ++i) {
            IConsentManager.Terms memory terms = _termsOf(i);
            (, uint48 revokedAt) = _carekey.stateOf(terms.patient, _carekey.hashTerms(terms));
            assert(revokedAt == 0 || !_carekey.isActive(terms));
        }
    }

    function invariant_revokedBeforeOnlyRisesAndNeverIntoTheFuture() public view {
        for (uint256 i = 0; i < _clinic.PEOPLE(); ++i) {
            address patient = _clinic.person(i);
            assert(_carekey.revokedBefore(patient) == _clinic.ghostRevokedBefore(patient));
            assert(_carekey.revokedBefore(patient) <= _clinic.latest());
        }
    }

    function invariant_verifiedAreLicensedNotSuspendedAndInTime() public view {
        for (uint256 i = 0; i < _clinic.PEOPLE(); ++i) {
            address account = _clinic.person(i);
            assert(_carekey.isVerified(account) == _clinic.ghostVerified(account));
        }
    }

    function invariant_aVerificationIsAsOldAsItsUnbrokenChain() public view {
        for (uint256 i = 0; i < _clinic.PEOPLE(); ++i) {
            uint256 since = _carekey.identityOf(_clinic.person(i)).verifiedSince;
            assert(since == _clinic.ghostVerifiedSince(_clinic.person(i)) && since <= _clinic.latest());
        }
    }

    function invariant_patientsAndKeepersAreNeverVerifiedNorSuspended() public view {
        for (uint256 i = 0; i < _clinic.PEOPLE(); ++i) {
            IIdentityRegistry.Identity memory identity = _carekey.identityOf(_clinic.person(i));
            bool isLicensable = identity.role == 2 || identity.role == 3;
            assert(isLicensable || (identity.verifiedUntil == 0 && !identity.suspended));
        }
    }

    function invariant_aRoleIsForEverAndComesWithAKey() public view {
        for (uint256 i = 0; i < _clinic.PEOPLE(); ++i) {
            IIdentityRegistry.Identity memory identity = _carekey.identityOf(_clinic.person(i));
            assert(identity.role == _clinic.ghostRole(_clinic.person(i)));
            assert((identity.role == 0) == (identity.keyHash == 0));
        }
    }

    function invariant_nobodyBecomesRegistrarByAccident() public view {
        for (uint256 i = 0; i < _clinic.PEOPLE(); ++i) {
            assert(!_carekey.hasRole(_carekey.REGISTRAR_ROLE(), _clinic.person(i)));
        }
        assert(_carekey.owner() == address(_clinic));
    }

    function invariant_directCallsUseNoNonce() public view {
        for (uint256 i = 0; i < _clinic.PEOPLE(); ++i) assert(_carekey.nonces(_clinic.person(i)) == 0);
    }

    function invariant_theContractHoldsNoMoney() public view {
        assert(address(_carekey).balance == 0);
    }

    function _termsOf(uint256 i) private view returns (IConsentManager.Terms memory) {
        return _clinic.terms(i % 4, (i / 4) % 4, i / 16);
    }
}
