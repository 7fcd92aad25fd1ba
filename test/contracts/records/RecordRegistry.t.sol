// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Carekey} from "../../../contracts/Carekey.sol";
import {IRecordRegistry, EntryId} from "../../../contracts/records/IRecordRegistry.sol";
import {vm} from "../support/Vm.sol";

/// @notice The fold of a chart for any acts, computed a second time from the words of the specification.
contract RecordRegistryTest {
    Carekey private _carekey;

    function setUp() public {
        _carekey = new Carekey(address(this), 1 days);
    }

    function testFuzz_anUntouchedChartStandsAtItsGenesis(address patient) public view {
        assert(_carekey.head(patient) == _genesis(patient));
    }

    function testFuzz_add(address patient, bytes32 pointer, bytes32 wraps, EntryId supersedes) public {
        vm.prank(patient);
        _carekey.add(pointer, wraps, supersedes);
        bytes32 expected = keccak256(
            abi.encode(keccak256("carekey/chart/add/v1"), _genesis(patient), pointer, wraps, supersedes)
        );
        assert(_carekey.head(patient) == expected);
    }

    function testFuzz_decide(address patient, EntryId entryId, uint8 verdict, bytes32 wraps) public {
        bool isKnown = verdict == 1 || verdict == 2;
        if (!isKnown) {
            vm.expectRevert(abi.encodeWithSelector(IRecordRegistry.RecordVerdictUnknown.selector, verdict));
        }
        vm.prank(patient);
        _carekey.decide(entryId, verdict, wraps);
        bytes32 expected = keccak256(
            abi.encode(keccak256("carekey/chart/decide/v1"), _genesis(patient), entryId, uint256(verdict), wraps)
        );
        assert(_carekey.head(patient) == (isKnown ? expected : _genesis(patient)));
    }

    function testFuzz_decideBatch(
        address patient,
        EntryId[] memory approved,
        EntryId[] memory denied,
        bytes32 wraps
    ) public {
        uint256 size = approved.length + denied.length;
        bool fits = size > 0 && size <= 256;
        if (!fits) {
            vm.expectRevert(
                abi.encodeWithSelector(IRecordRegistry.RecordBatchSizeInvalid.selector, size, uint256(256))
            );
        }
        vm.prank(patient);
        _carekey.decideBatch(approved, denied, wraps);
        bytes32 expected = keccak256(
            abi.encode(
                keccak256("carekey/chart/batch/v1"),
                _genesis(patient),
                _hashList(approved),
                _hashList(denied),
                wraps
            )
        );
        assert(_carekey.head(patient) == (fits ? expected : _genesis(patient)));
    }

    function testFuzz_notesFoldInTheirOrder(address patient, bytes32 first, bytes32 second) public {
        vm.assume(first != second);
        vm.prank(patient);
        _carekey.note(first);
        vm.prank(patient);
        _carekey.note(second);
        bytes32 tag = keccak256("carekey/chart/note/v1");
        bytes32 expected = keccak256(abi.encode(tag, keccak256(abi.encode(tag, _genesis(patient), first)), second));
        bytes32 swapped = keccak256(abi.encode(tag, keccak256(abi.encode(tag, _genesis(patient), second)), first));
        assert(_carekey.head(patient) == expected && expected != swapped);
    }

    function testFuzz_oneChartIsNothingToAnother(address patient, address other, bytes32 digest) public {
        vm.assume(patient != other);
        vm.prank(other);
        _carekey.note(digest);
        assert(_carekey.head(patient) == _genesis(patient));
    }

    function _genesis(address patient) private view returns (bytes32) {
        return keccak256(abi.encode(keccak256("carekey/chart/genesis/v1"), block.chainid, address(_carekey), patient));
    }

    function _hashList(EntryId[] memory entryIds) private pure returns (bytes32) {
        bytes memory packed;
        for (uint256 i = 0; i < entryIds.length; ++i) packed = bytes.concat(packed, EntryId.unwrap(entryIds[i]));
        return keccak256(packed);
    }
}
