// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Carekey} from "../../../contracts/Carekey.sol";
import {ConsentId, IConsentManager} from "../../../contracts/consent/IConsentManager.sol";
import {ISignedActs} from "../../../contracts/ISignedActs.sol";
import {vm} from "../support/Vm.sol";

/// @notice Consents for any terms, any times, any keys.
contract ConsentManagerTest {
    uint48 private constant NOW = 2_000_000_000;
    uint256 private constant CURVE_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;

    Carekey private _carekey;

    function setUp() public {
        vm.warp(NOW);
        _carekey = new Carekey(address(this), 1 days);
    }

    /// @dev The hash once more, from the words of EIP-712 and the lists themselves.
    function testFuzz_idIsTheEip712HashOfTheTermsWrittenOut(
        IConsentManager.Terms memory terms,
        bytes32[] memory scopes,
        string memory scopeWords,
        string memory purpose,
        bytes32 salt
    ) public view {
        bytes memory aboutType = "About(string scopes,string purpose,bytes32 salt)";
        terms.scopesHash = keccak256(abi.encodePacked(scopes));
        terms.aboutHash = keccak256(
            abi.encode(keccak256(aboutType), keccak256(bytes(scopeWords)), keccak256(bytes(purpose)), salt)
        );
        bytes memory termsType = bytes.concat(
            "ConsentTerms(address patient,address grantee,address organisation,bytes32[] scopes,uint32 fromEpoch,",
            "uint32 rights,uint48 notBefore,uint48 expiresAt,uint32 maxViews,uint32 flags,About about)",
            aboutType
        );
        bytes memory head = abi.encode(
            keccak256(termsType),
            terms.patient,
            terms.grantee,
            terms.organisation,
            terms.scopesHash,
            terms.fromEpoch
        );
        bytes memory tail = abi.encode(
            terms.rights,
            terms.notBefore,
            terms.expiresAt,
            terms.maxViews,
            terms.flags,
            terms.aboutHash
        );
        assert(ConsentId.unwrap(_carekey.hashTerms(terms)) == keccak256(bytes.concat(head, tail)));
    }

    function testFuzz_activeExactlyWhenGrantedNotTakenBackAndInsideTheWindow(
        IConsentManager.Terms memory terms,
        uint16 grantDelay,
        uint16 revokeAllDelay,
        bool revokes,
        uint16 askDelay
    ) public {
        terms.notBefore = NOW + (terms.notBefore % 70_000);
        terms.expiresAt = NOW + (terms.expiresAt % 140_000);
        ConsentId id = _carekey.hashTerms(terms);
        uint256 grantedAt = NOW + grantDelay;
        uint256 boundAt = NOW + revokeAllDelay;
        // In the same second the revokeAll comes first, so that the direct grant is the one to be void.
        if (boundAt <= grantedAt) {
            _revokeAll(terms.patient, boundAt);
            _grant(terms.patient, id, grantedAt);
        } else {
            _grant(terms.patient, id, grantedAt);
            _revokeAll(terms.patient, boundAt);
        }
        uint256 moment = (grantedAt > boundAt ? grantedAt : boundAt) + askDelay;
        vm.warp(moment);
        if (revokes) {
            vm.prank(terms.patient);
            _carekey.revoke(id);
        }
        bool expected = !revokes && grantedAt > boundAt && terms.notBefore <= moment && moment < terms.expiresAt;
        assert(_carekey.isActive(terms) == expected);
    }

    function testFuzz_anIdIsGrantedOnceAndNeverAfterARevoke(address patient, ConsentId id, bytes32 bundle) public {
        vm.prank(patient);
        _carekey.grant(id, bundle);
        bytes memory used = abi.encodeWithSelector(IConsentManager.ConsentAlreadyUsed.selector, patient, id);
        vm.expectRevert(used);
        vm.prank(patient);
        _carekey.grant(id, bundle);
        vm.prank(patient);
        _carekey.revoke(id);
        vm.expectRevert(used);
        vm.prank(patient);
        _carekey.grant(id, bundle);
    }

    function testFuzz_onesIdsAreNothingToAnother(address patient, address other, ConsentId id) public {
        vm.assume(patient != other);
        vm.prank(other);
        _carekey.revoke(id);
        vm.prank(patient);
        _carekey.grant(id, 0);
        (uint48 grantedAt, uint48 revokedAt) = _carekey.stateOf(patient, id);
        assert(grantedAt == NOW && revokedAt == 0);
    }

    function testFuzz_onlyTheKeyOfThePatientRevokes(uint256 key, uint256 otherKey, ConsentId id) public {
        key = 1 + (key % (CURVE_ORDER - 1));
        otherKey = 1 + (otherKey % (CURVE_ORDER - 1));
        vm.assume(key != otherKey);
        address patient = vm.addr(key);
        bytes32 structHash = keccak256(
            abi.encode(
                keccak256("Revoke(address patient,bytes32 consentId,uint48 deadline)"),
                patient,
                id,
                uint48(NOW + 60)
            )
        );
        bytes memory wrong = _sign(otherKey, structHash);
        vm.expectRevert(abi.encodeWithSelector(ISignedActs.SignatureInvalid.selector, patient));
        _carekey.revokeBySig(patient, id, NOW + 60, wrong);
        _carekey.revokeBySig(patient, id, NOW + 60, _sign(key, structHash));
        (, uint48 revokedAt) = _carekey.stateOf(patient, id);
        assert(revokedAt == NOW);
    }

    function _grant(address patient, ConsentId id, uint256 moment) private {
        vm.warp(moment);
        vm.prank(patient);
        _carekey.grant(id, 0);
    }

    function _revokeAll(address patient, uint256 moment) private {
        vm.warp(moment);
        vm.prank(patient);
        _carekey.revokeAll();
    }

    function _sign(uint256 key, bytes32 structHash) private view returns (bytes memory) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Carekey"),
                keccak256("1"),
                block.chainid,
                address(_carekey)
            )
        );
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, keccak256(abi.encodePacked(hex"1901", domain, structHash)));
        return abi.encodePacked(r, s, v);
    }
}
